import { Gauge, Timed } from '@afstatsd/decorators';
import { useRecorded } from '@afstatsd/testing';
import { expect } from 'chai';
import knex, { type Knex } from 'knex';
import { mode } from '../support/mode.js';

// The dialect has no types of its own.
const BetterSqlite3 = require('knex/lib/dialects/better-sqlite3') as typeof Knex.Client;

/** knex on SQLite, through a driver that needs no compiler. */
class LibSql extends BetterSqlite3 {
  _driver(): unknown {
    return require('libsql');
  }
}

describe(`a decorated method that returns a query builder of knex (${mode} decorators)`, () => {
  const recorded = useRecorded();
  const { statsd } = recorded;
  const run: string[] = [];
  let database: Knex;

  before(async () => {
    database = knex({ client: LibSql, connection: { filename: ':memory:' }, useNullAsDefault: true });
    await database.schema.createTable('orders', (table) => {
      table.increments();
      table.integer('cents');
    });
    await database('orders').insert([{ cents: 100 }, { cents: 250 }]);
    database.on('query', ({ sql }: { sql: string }) => run.push(sql));
  });
  after(() => database.destroy());
  beforeEach(async () => {
    run.length = 0;
    await recorded.metrics();
  });

  class Orders {
    @Timed('orders', { statsd })
    @Gauge('found', { statsd, value: (rows: unknown[]) => rows.length })
    all(): Knex.QueryBuilder<{ id: number; cents: number }[]> {
      return database('orders').select('cents');
    }
    @Timed('broken', { statsd }) broken(): Knex.QueryBuilder {
      return database('no_such_table').select();
    }
  }

  it('runs the query when it is awaited, once, and not before; what is added to it in between counts', async () => {
    const query = new Orders().all();
    await new Promise((resolve) => setImmediate(resolve));
    expect(run).to.deep.equal([]);
    expect(await query.where('cents', '>', 200)).to.deep.equal([{ cents: 250 }]);
    expect(run).to.deep.equal(['select `cents` from `orders` where `cents` > ?']);
    expect(await recorded.counts()).to.deep.equal({ 'timer orders': 1, 'gauge found': 1 });
  });

  it('still has every other way of running it', async () => {
    expect(await new Orders().all().first()).to.deep.equal({ cents: 100 });
    expect(await new Orders().all().then((rows) => rows.length)).to.equal(2);
    expect(await Promise.all([new Orders().all(), new Orders().all()])).to.have.length(2);
    expect(run).to.have.length(4);
    expect(await recorded.counts()).to.deep.include({ 'timer orders': 4 });
  });

  it('rejects as it would, and counts that', async () => {
    const message = await new Orders().broken().then(
      () => 'none',
      (error: Error) => error.message,
    );
    expect(message).to.include('no such table');
    expect(await recorded.counts()).to.deep.equal({ 'timer broken': 1, 'counter broken.errors': 1 });
  });
});
