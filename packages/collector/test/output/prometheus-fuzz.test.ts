import type { Decoded } from '@afstatsd/core';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { PrometheusOutput } from '../../src/output/prometheus.js';
import { parseExposition } from '../support/exposition.js';

const text = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
  // Few characters, so that names and labels meet.
  fc.string({
    unit: fc.constantFrom('a', '.', '_', '-', '5', '\n', '"', '\\', '\ud800', '日'),
    maxLength: 4,
  }),
  fc.constantFrom(
    'x',
    'x_total',
    'x.total',
    'x_seconds',
    'x_seconds_count',
    'x_decrements',
    'le',
    '__proto__',
    'true',
  ),
  fc.constant('very.long.'.repeat(51)),
);
const named = {
  name: text,
  tags: fc.array(fc.tuple(text, fc.oneof(text, fc.constant(''))), { maxLength: 4 }),
};
const number = fc.oneof(fc.double(), fc.integer({ min: -5, max: 20_000 }));
const rate = fc.constantFrom(1, 0.5, 0.1, 0.3);
const metric = fc.oneof(
  fc.record({ type: fc.constant('counter' as const), value: number, rate, ...named }),
  fc.record({ type: fc.constant('gauge' as const), value: number, ...named }),
  fc.record({ type: fc.constant('timer' as const), values: fc.array(number), rate, ...named }),
  fc.record({
    type: fc.constant('timer' as const),
    as: fc.constant('histogram' as const),
    values: fc.array(number),
    rate,
    ...named,
  }),
  fc.record({ type: fc.constant('set' as const), members: fc.array(text), ...named }),
) as fc.Arbitrary<Decoded>;

describe('Prometheus output, whatever comes in', () => {
  it('has an exposition that is valid, at every scrape', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(metric, { maxLength: 30 }), { maxLength: 3 }), async (rounds) => {
        const output = new PrometheusOutput({ port: 0, logger: { warn: () => {} } });
        await output.start();
        try {
          for (const metrics of rounds) {
            for (const one of metrics) output.ingest(one);
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
