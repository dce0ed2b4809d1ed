// node --import @afstatsd/auto ioredis.mjs SOCKET EXPECTED VERSION: commands of each kind; their results and errors are as they were.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { becomes, print } from './recorded.cjs';

const [, , path, expected, version] = process.argv;
const { Redis } = createRequire(import.meta.url)(version);
/** Commands of the program itself, because those of the handshake differ by version. */
const OWN = /^timer db.client.operation (?!client|hello|info)/;
const redis = new Redis({ path });

assert.equal(await redis.set('users:1', 'ann'), 'OK');
assert.equal(await redis.get('users:1'), 'ann');
const failed = await redis.incr('users:1').catch((error) => error);
assert.match(failed.message, /not an integer/);
// A callback gets the result.
assert.equal(
  await new Promise((resolve) => void redis.get('users:1', (error, value) => resolve(value))),
  'ann',
);
const piped = await redis.pipeline().set('a', '1').incr('a').hget('a', 'b').exec();
assert.deepEqual(piped.slice(0, 2), [
  [null, 'OK'],
  [null, 2],
]);
assert.ok(piped[2][0] instanceof Error);
assert.deepEqual(await redis.multi().set('b', '1').get('b').exec(), [
  [null, 'OK'],
  [null, '1'],
]);
redis.defineCommand('twice', { numberOfKeys: 1, lua: "return redis.call('incrby', KEYS[1], 2)" });
assert.equal(await redis.twice('a'), 4);

redis.disconnect();
// A command that can't be sent fails at once.
const closed = new Redis({ path, enableOfflineQueue: false, lazyConnect: true });
assert.match((await closed.get('x').catch((error) => error)).message, /enableOfflineQueue/);
closed.disconnect();

await becomes(JSON.parse(expected), 'db.', OWN);
await print('db.', OWN);
