import { expect } from 'chai';
import * as fc from 'fast-check';
import { PrometheusOutput } from '../../src/output/prometheus/prometheus.js';
import { metrics } from '../support/arbitrary-metrics.js';
import { parseExposition } from '@afstatsd/testing';

describe('Prometheus output, whatever comes in', () => {
  it('has an exposition that is valid, at every scrape', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(metrics, { maxLength: 3 }), async (rounds) => {
        const output = new PrometheusOutput({ port: 0, logger: { warn: () => {} } });
        await output.start();
        try {
          for (const round of rounds) {
            for (const one of round) output.ingest(one);
            const response = await fetch(output.url);
            expect(response.status).to.equal(200);
            parseExposition(await response.text());
          }
        } finally {
          await output.close(100);
        }
      }),
      { numRuns: 150 },
    );
  });
});
