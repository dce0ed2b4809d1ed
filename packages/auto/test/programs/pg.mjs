// node --import @afstatsd/auto pg.mjs FOLDER EXPECTED: queries of each kind; their results and errors are as they were.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Client, Pool, Query } from 'pg';
import { becomes, print } from './recorded.cjs';

const [, , host, expected] = process.argv;
const pool = new Pool({ host, user: 'postgres', database: 'postgres', max: 2 });

await pool.query('CREATE TABLE users (id int PRIMARY KEY, name text)');
const inserted = await pool.query('INSERT INTO users VALUES ($1, $2), (2, $3) RETURNING id', [
  1,
  'ann',
  'bob',
]);
assert.deepEqual(inserted.rows, [{ id: 1 }, { id: 2 }]);
const failed = await pool.query('SELECT secret FROM users').catch((error) => error);
assert.equal(failed.code, '42703');

const client = new Client({ host, user: 'postgres', database: 'postgres' });
await client.connect();
// A callback gets the error or the result, and `query` returns nothing.
const [error, none] = await new Promise((resolve) => {
  assert.equal(
    client.query('  /* who */ select nothing', (...args) => resolve(args)),
    undefined,
  );
});
assert.equal(error.code, '42703');
assert.equal(none, undefined);
const [, { rows }] = await new Promise(
  (resolve) => void client.query('SELECT name FROM users WHERE id = $1', [2], (...args) => resolve(args)),
);
assert.deepEqual(rows, [{ name: 'bob' }]);
// A query object emits its rows.
const query = client.query(new Query('-- all\nselect id from users order by id'));
const seen = [];
query.on('row', (row) => seen.push(row.id));
await once(query, 'end');
assert.deepEqual(seen, [1, 2]);
// A named one that is prepared once.
for (const id of [1, 2])
  await client.query({ name: 'find', text: 'select * from users where id = $1', values: [id] });
// A connection that ends with a query under way.
const pid = (await client.query('select pg_backend_pid() as pid')).rows[0].pid;
client.on('error', () => {});
const cut = client.query('SELECT pg_sleep(60)').catch((reason) => reason);
await pool.query('SELECT pg_terminate_backend($1)', [pid]);
assert.ok((await cut) instanceof Error);
await pool.query("DO $$ BEGIN RAISE NOTICE 'x'; END $$");

await becomes(JSON.parse(expected), 'db.');
await pool.end();
await print('db.');
