#!/usr/bin/env bash
# Bun's `socket.bytesWritten` of an HTTP connection counts the content alone, where Node.js counts what was written.
#
# A server of node:http answers with 1000 bytes of content, and asks the request's socket for `bytesWritten` when the response has
# been sent. Node.js documents it as the bytes sent. Seen with Bun 1.4.5 on Linux: 1000, as if there were no headers; the client
# receives as many bytes from both. So a server that adds up its traffic by it has too little, the more so the smaller its answers.
#
# afstatsd says so of `http.response.bytes` (docs/runtimes.md).
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/program.cjs" <<'PROGRAM'
const http = require('node:http');
const net = require('node:net');
let counted;
const server = http.createServer((request, response) => {
  const { socket } = request;
  response.on('finish', () => (counted = socket.bytesWritten));
  response.end('x'.repeat(1000));
});
server.listen(0, '127.0.0.1', () => {
  let received = 0;
  const client = net.connect(server.address().port, '127.0.0.1');
  client.on('data', (chunk) => (received += chunk.length));
  client.on('close', () => {
    console.log(counted === received ? 'all' : counted === 1000 ? 'content' : `${counted} of ${received}`);
    server.close();
  });
  client.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
});
PROGRAM

npm install --silent --no-audit --no-fund --prefix "$folder" bun@1.4.5 >/dev/null
bun="$folder/node_modules/.bin/bun"
[ "$("$bun" --version)" = 1.4.5 ]
in_bun=$("$bun" "$folder/program.cjs")
in_node=$(node "$folder/program.cjs")
echo "Bun $("$bun" --version): $in_bun"
echo "Node.js $(node --version): $in_node"
[ "$in_bun $in_node" = 'content all' ] || { echo 'This has changed.'; exit 1; }
