import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { useDirectories, usePrograms } from '@afstatsd/testing';
import { expect } from 'chai';

const INDEX = require.resolve('../../src/index.js');

/** A service whose orders each have a tag of their own. Line 6 is the one that is to be found. */
const SERVICE = `const { createServer } = require('node:http');
const { StatsdClient, NullTransport } = require(${JSON.stringify(INDEX)});
const statsd = new StatsdClient({ transport: new NullTransport(), maxMetrics: 800 });
function recordOrder(cart) {
  const tags = { method: 'card', cart };
  statsd.increment('shop.orders', { tags });
}
const server = createServer((request, response) => {
  statsd.timing('shop.request', 3, { tags: { path: '/orders' } });
  recordOrder(request.url.slice(1));
  response.end();
});
server.listen(0, '127.0.0.1', async () => {
  for (let at = 0; at < 300; at++) await fetch('http://127.0.0.1:' + server.address().port + '/' + at);
  server.close();
});`;

describe('a service with a tag that explodes', () => {
  const programs = usePrograms();
  const newDirectory = useDirectories();

  it('is told the name, the tag, its values and the line', async () => {
    const file = join(newDirectory(), 'service.cjs');
    writeFileSync(file, SERVICE);
    const { code, stderr } = await programs.node([file]).ended();
    expect(code).to.equal(0);
    const lines = stderr.split('\n').filter((line) => line.includes('combinations of tags'));
    expect(lines).to.have.length(1);
    expect(lines[0]).to.contain('metric "shop.orders" has 201 combinations of tags');
    expect(lines[0]).to.contain('its tag "cart" has 201 values, the newest "198", "199", "200"');
    expect(lines[0]).to.contain(`the newest was made by ${file}:6:10`);
  });
});
