import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

describe('with fastify-plugin 5 in the place of 6', () => {
  it('registers with Fastify 4 and 5', async () => {
    const program = join(__dirname, 'programs/old-fastify-plugin.js');
    const { stdout } = await promisify(execFile)(process.execPath, [program], { timeout: 60_000 });
    const names = ['http.request get /users/:id 2xx'];
    expect(JSON.parse(stdout)).to.deep.equal({
      results: { 'fastify-4': names, fastify: names },
      loaded: ['fastify-plugin@5'],
    });
  });
});
