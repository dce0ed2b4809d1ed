#!/usr/bin/env bash
# Deno ends by an uncaught error without the event `exit` of `process`, where Node.js emits it.
#
# A program listens to `exit`, as libraries do that have something to write at the end, and then throws in a timer, or leaves a
# rejection unhandled. Node.js calls the listener with the code 1. Seen with Deno 2.9.6 on Linux: it is called at an end in order
# only. Deno's own events, `error` and `unhandledrejection`, come in its place.
#
# afstatsd listens to these, too (packages/core/src/client/uncaught.ts).
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/program.cjs" <<'PROGRAM'
process.on('exit', (code) => console.log(`exit ${code}`));
if (process.argv[2] === 'throws') setTimeout(() => { throw new Error('on purpose'); }, 1);
if (process.argv[2] === 'rejects') Promise.reject(new Error('on purpose'));
PROGRAM

npm install --silent --no-audit --no-fund --prefix "$folder" deno@2.9.6 >/dev/null
deno="$folder/node_modules/.bin/deno"
"$deno" --version | grep -q '^deno 2\.9\.6 '

failed=0
for case in throws rejects ends; do
  in_deno=$("$deno" run --quiet "$folder/program.cjs" "$case" 2>/dev/null || true)
  in_node=$(node "$folder/program.cjs" "$case" 2>/dev/null || true)
  echo "$case: Deno says '$in_deno', Node.js '$in_node'"
  case "$case: $in_deno, $in_node" in
    'ends: exit 0, exit 0' | 'throws: , exit 1' | 'rejects: , exit 1') ;;
    *) failed=1 ;;
  esac
done
[ "$failed" = 0 ] || { echo 'This has changed.'; exit 1; }
