// That nothing is left of requests, with many of them over real connections, a tenth of which clients cut.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LONG } from '@afstatsd/testing';
import { expect } from 'chai';

const REQUESTS = LONG ? 300_000 : 30_000;
const TIMEOUT_MS = LONG ? 1_200_000 : 170_000;
/** In bytes, from the middle to the end: 70 for each request, and 7 in the long form. */
const LEAK = 1_000_000;
/** V8 keeps counts of its own for a coverage run. */
const env = { ...process.env, NODE_V8_COVERAGE: '' };
const program = join(import.meta.dirname, 'requests.mjs');

async function run(framework) {
  const args = ['--expose-gc', program, framework, String(REQUESTS)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: TIMEOUT_MS, env });
  return JSON.parse(stdout);
}

// What is answered, to a client that says nothing of itself: with Express text in HTML, and so a page view.
const answers = {
  express: {
    'http.request get /users/:id 2xx': REQUESTS * 0.9,
    'website.pageviews /users/:id': REQUESTS * 0.9,
  },
  fastify: { 'http.request get /users/:id 2xx': REQUESTS * 0.9 },
};

for (const [framework, answered] of Object.entries(answers)) {
  describe(`${REQUESTS} requests to ${framework}, of which clients abort ${REQUESTS / 10}`, () => {
    let result;

    before(async function () {
      this.timeout(TIMEOUT_MS + 10_000);
      result = await run(framework);
    });

    it('each is recorded once, as answered or as aborted', () => {
      expect(result.counts).to.deep.equal({
        ...answered,
        'http.aborted get /wait/:connection': REQUESTS / 10,
      });
    });

    it('none is in flight at the end, and at most those of 16 connections before', () => {
      expect(result.gauges['http.in_flight']).to.equal(0);
      expect(result.greatest['http.in_flight.max']).to.be.within(10, 160);
    });

    it('the heap is no larger at the end than in the middle', () => {
      const { heap } = result;
      expect(heap.at(-1) - heap[heap.length / 2 - 1], heap.join(' ')).to.be.below(LEAK);
    });
  });
}
