// node --import @afstatsd/auto mixed.cjs: a server that has Express answer some requests, after a while, and answers others itself.
const { once } = require('node:events');
const { createServer, get } = require('node:http');
const express = require('express');
const { becomes, print } = require('./recorded.cjs');

const app = express();
app.get('/users/:id', (req, res) => res.json({}));

const server = createServer((req, res) => {
  if (req.url.startsWith('/users')) return void setImmediate(app, req, res);
  if (req.url === '/stream')
    return void res.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: 1\n\n');
  // The client leaves before.
  if (req.url === '/slow') return void server.emit('slow');
  res.writeHead(204).end();
});

const answered = async (path) => {
  const [response] = await once(get(base + path, { agent: false }), 'response');
  response.resume();
  await once(response, 'end');
};
let base;

async function main() {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${server.address().port}`;
  for (const path of ['/users/1', '/own', '/stream', '/users/2', '/own', '/users/3?q=1'])
    await answered(path);
  const left = get(`${base}/slow`, { agent: false }).on('error', () => {});
  await once(server, 'slow');
  left.destroy();
  const expected = {
    'timer http.request get /users/:id 2xx': 3,
    'timer http.request get /* 2xx': 2,
    'counter http.aborted get /*': 1,
  };
  await becomes(expected);
  server.close();
  await once(server, 'close');
  await print();
}

void main();
