#!/usr/bin/env bash
# A subscriber of the tracing channel `ioredis:command` hides rejections from the process: a command that fails, and whose promise
# nobody handles, ends the process without the subscriber, as every unhandled rejection does, and goes unnoticed with it.
#
# With a subscriber, ioredis returns the promise of `tracePromise`, and handles its rejection itself (`traced.catch(noop)`, in
# built/tracing.js), so Node sees no unhandled rejection. So loading a monitoring tool that only listens changes whether an app ends.
# Seen with ioredis 5.11.1 and 6.0.0 and Redis 7.0.15, on Node.js 20.20. Needs `redis-server`.
#
# @afstatsd/auto doesn't use that channel for this reason (docs/auto.md).
set -euo pipefail

folder=$(mktemp -d)
redis-server --port 0 --unixsocket "$folder/redis.sock" --save '' --dir "$folder" >/dev/null &
redis=$!
trap 'kill "$redis"; wait "$redis" 2>/dev/null || true; rm -rf "$folder"' EXIT
cat >"$folder/program.cjs" <<'PROGRAM'
const { tracingChannel } = require('node:diagnostics_channel');
const { Redis } = require(process.argv[2]);

if (process.argv[3] === 'traced') tracingChannel('ioredis:command').subscribe({ asyncEnd() {} });
const redis = new Redis({ path: process.argv[4] });
redis.on('ready', async () => {
  await redis.set('name', 'ann');
  redis.incr('name'); // ERR value is not an integer or out of range
  await redis.get('name');
  setImmediate(() => {
    console.log('went on');
    process.exit();
  });
});
PROGRAM

npm install --silent --no-audit --no-fund --prefix "$folder" ioredis@6.0.0 ioredis-5@npm:ioredis@5.11.1 >/dev/null
until [ -S "$folder/redis.sock" ]; do sleep 0.1; done
for library in ioredis ioredis-5; do
  plain=$(node "$folder/program.cjs" "$library" plain "$folder/redis.sock" 2>/dev/null || echo "ended with $?")
  traced=$(node "$folder/program.cjs" "$library" traced "$folder/redis.sock" 2>/dev/null || echo "ended with $?")
  echo "$library: without a subscriber the process $plain, with one it $traced"
  [ "$plain, $traced" = 'ended with 1, went on' ] || { echo 'This has changed.'; exit 1; }
done
