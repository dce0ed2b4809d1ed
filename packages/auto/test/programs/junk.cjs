// node --import @afstatsd/auto junk.cjs: messages on the channels that no library publishes.
const { channel } = require('node:diagnostics_channel');

const NAMES = [
  'fastify.initialization',
  'http.client.request.error',
  'http.client.request.start',
  'http.client.response.finish',
  'http.server.request.start',
  'mysql2:query:start',
  'tracing:mysql2:query:asyncStart',
  'tracing:mysql2:query:error',
  'tracing:mysql2:query:start',
  'undici:request:create',
  'undici:request:error',
  'undici:request:headers',
];
for (const name of NAMES) {
  for (const message of [
    undefined,
    null,
    7,
    'text',
    {},
    { request: 7 },
    { fastify: {} },
    { request: {}, response: {} },
  ])
    channel(name).publish(message);
}
setImmediate(() => console.log('went on'));
