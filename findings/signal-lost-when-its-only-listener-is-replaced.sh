#!/usr/bin/env bash
# Node.js loses a signal that has come but wasn't handled yet, if the only listener of that signal is taken off and put back.
#
# A program has one listener of SIGTERM. While it is busy, SIGTERM comes. The program then calls process.off and
# process.prependListener with the same listener in one turn of the event loop, as libraries do that want to stay the first
# one. A good guess is that the listener is called, since there is one whenever the event loop looks. Seen with Node.js
# 20.20.2, 22.23.1 and 24.21.0 on Linux: the listener is never called, and the process goes on. With a second listener that
# stays, the signal is handled.
#
# The reason: libuv writes the signal with a pointer to the watcher into a pipe. Without a listener Node closes the watcher,
# and the new listener gets another one, so the signal in the pipe belongs to nobody (lib/internal/process/signal.js,
# startListeningIfSignal and stopListeningIfNoListeners).
#
# afstatsd leaves its listener alone while it is the first one (packages/core/src/client/exit.ts).
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/program.cjs" <<'PROGRAM'
const keep = process.argv[2] === 'another listener stays';
const listener = () => { console.log('handled'); process.exit(0); };
process.on('SIGTERM', listener);
if (keep) process.on('SIGTERM', () => {});
setTimeout(() => {
  process.kill(process.pid, 'SIGTERM'); // comes while the program is busy
  for (const end = Date.now() + 200; Date.now() < end; );
  process.off('SIGTERM', listener);
  process.prependListener('SIGTERM', listener);
  setTimeout(() => { console.log('lost'); process.exit(0); }, 1000);
}, 0);
PROGRAM

failed=0
for version in 20.20.2 22.23.1 24.21.0; do
  npm install --silent --no-audit --no-fund --prefix "$folder/$version" "node@$version" >/dev/null
  node="$folder/$version/node_modules/node/bin/node"
  for case in 'the only listener' 'another listener stays'; do
    seen=$("$node" "$folder/program.cjs" "$case")
    expected=lost
    [ "$case" = 'another listener stays' ] && expected=handled
    echo "Node.js $("$node" --version), $case: $seen"
    [ "$seen" = "$expected" ] || failed=1
  done
done
[ "$failed" = 0 ] || { echo 'This has changed.'; exit 1; }
