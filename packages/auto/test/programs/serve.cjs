const { once } = require('node:events');
const { get } = require('node:http');
const { becomes, print } = require('./recorded.cjs');

/** Serves an app, asks it for what it has and for what it hasn't, and prints what was recorded of its requests. */
async function serve(make, expected) {
  const server = await make();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = `http://127.0.0.1:${server.address().port}`;
  for (const path of ['/api/users/1', '/api/users/2?q=/api/users/2', '/nowhere']) {
    const [response] = await once(get(base + path, { agent: false }), 'response');
    response.resume();
    await once(response, 'end');
  }
  await becomes(expected, 'http.request');
  server.close();
  await once(server, 'close');
  await print('http.request');
}

module.exports = { serve };
