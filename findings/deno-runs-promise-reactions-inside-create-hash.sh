#!/usr/bin/env bash
# Deno runs promise reactions in the middle of a synchronous function: inside the first `createHash` of `node:crypto`.
#
# A program resolves a promise, calls `createHash`, and notes the order of the promise's reaction and of the statement after the
# call. JavaScript runs no reaction before the running function has returned, so the statement comes first. Seen with Deno 2.9.6 on
# Linux: the reaction comes first, because the first call loads a module of Deno's own. So `await` may go on before the caller has
# got what it is about to return: light-my-request then rejects the first request of an Express app ("The dispatch function has
# already been invoked"), since Express makes an etag with `createHash`.
#
# The suites that run in Deno load that module first (test/runtimes/programs/suite.mjs).
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/program.cjs" <<'PROGRAM'
const { createHash } = require('node:crypto');
setTimeout(() => {
  const order = [];
  Promise.resolve().then(() => order.push('reaction'));
  createHash('sha1');
  order.push('statement');
  setTimeout(() => console.log(order.join(' ')));
});
PROGRAM

npm install --silent --no-audit --no-fund --prefix "$folder" deno@2.9.6 >/dev/null
deno="$folder/node_modules/.bin/deno"
"$deno" --version | grep -q '^deno 2\.9\.6 '
in_deno=$("$deno" run --quiet "$folder/program.cjs")
in_node=$(node "$folder/program.cjs")
echo "Deno 2.9.6: $in_deno"
echo "Node.js $(node --version): $in_node"
[ "$in_deno, $in_node" = 'reaction statement, statement reaction' ] || { echo 'This has changed.'; exit 1; }
