// node --import @afstatsd/auto mysql2.mjs SOCKET EXPECTED: queries of each kind; their results and errors are as they were.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import mysql from 'mysql2';
import promised from 'mysql2/promise';
import { becomes, print } from './recorded.cjs';

const [, , socketPath, expected] = process.argv;
const pool = promised.createPool({ socketPath, user: 'root', connectionLimit: 2 });
await pool.query('CREATE DATABASE shop');
await pool.query('CREATE TABLE shop.users (id int, name text)');
const [inserted] = await pool.execute('INSERT INTO shop.users VALUES (?, ?)', [1, 'ann']);
assert.equal(inserted.affectedRows, 1);
const failed = await pool.query('SELECT secret FROM shop.users').catch((error) => error);
assert.equal(failed.code, 'ER_BAD_FIELD_ERROR');

const connection = mysql.createConnection({ socketPath, user: 'root' });
const [error] = await new Promise(
  (resolve) => void connection.execute('select nothing from shop.users', (...args) => resolve(args)),
);
assert.equal(error.code, 'ER_BAD_FIELD_ERROR');
// Without a callback, rows and errors are events.
const rows = [];
const query = connection.query('select name from shop.users').on('result', ({ name }) => rows.push(name));
await once(query, 'end');
assert.deepEqual(rows, ['ann']);
const wrong = connection.query('select nothing from shop.users');
assert.equal((await once(wrong, 'error'))[0].code, 'ER_BAD_FIELD_ERROR');
connection.end();

await becomes(JSON.parse(expected), 'db.');
await pool.end();
await print('db.');
