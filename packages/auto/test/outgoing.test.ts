import { expect } from 'chai';
import { describe, it } from 'mocha';
import { useAutoPrograms } from './support/run.js';

const env = { AFSTATSD_AUTO: 'http-client,undici' };

describe('Requests that go out', () => {
  const run = useAutoPrograms();

  it('are recorded by method, host and status, and by nothing else of the URL: fetch, undici and node:http', async () => {
    const expected = {
      'timer http.client.request post localhost 2xx': 2,
      'timer http.client.request post localhost 5xx': 1,
      'timer http.client.request get localhost 4xx': 1,
      'timer http.client.request get localhost 2xx': 1,
      'timer http.client.request get localhost error': 2,
    };
    const { code, stdout, stderr } = await run('outgoing.mjs', {
      env,
      args: ['0', JSON.stringify(expected)],
    });
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).to.deep.equal(expected);
  });

  it('tell a hundred hosts apart', async () => {
    const hosts = Array.from({ length: 100 }, (_, at) => [
      `timer http.client.request get 127.0.0.${at + 2} error`,
      1,
    ]);
    const expected = { ...Object.fromEntries(hosts), 'timer http.client.request get other error': 3 };
    const { code, stdout, stderr } = await run('outgoing.mjs', {
      env,
      args: ['103', JSON.stringify(expected)],
    });
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).to.deep.equal(expected);
  });
});
