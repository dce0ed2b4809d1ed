import type { Decoded } from '@afstatsd/core';
import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { PageFamilies, PrometheusNaming, textPage, Recording, scalesOf } from '@afstatsd/prometheus/parts';
import { RegistryProducer } from '../../src/output/otlp/producer.js';
import { metrics } from '../support/arbitrary-metrics.js';
import { parseExposition } from '@afstatsd/testing';

const SCALES = { bounds: [0.001, 0.25, 1], valueBounds: [-1, 0, 1e3, 1e21] };

/** The page by our own writer, and the same by OpenTelemetry's serializer, both of what was recorded. */
async function bothPages(rounds: readonly (readonly Decoded[])[]): Promise<[ours: string, theirs: string]> {
  const recording = new Recording(scalesOf(SCALES), { logger: { warn: () => {} } });
  const families = new PageFamilies(new PrometheusNaming());
  const producer = new RegistryProducer(recording, new PrometheusNaming());
  for (const metric of rounds.flat()) {
    const record = recording.ingest(metric);
    if (record !== undefined) {
      families.add(record);
      producer.add(record);
    }
  }
  const ours = [...textPage(families, { format: 'text', isHolding: false })].map(({ bytes }) => bytes);
  const { resourceMetrics } = await producer.collect();
  const theirs = new PrometheusSerializer(undefined, false, undefined, true, true).serialize(resourceMetrics);
  recording.close();
  return [Buffer.concat(ours).toString(), theirs.endsWith('\n') ? theirs : `${theirs}\n`];
}

describe('a page', () => {
  it('says what OpenTelemetry’s serializer says, of any metrics', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(metrics, { maxLength: 3 }), async (rounds) => {
        const [ours, theirs] = (await bothPages(rounds)).map(meaningOf);
        expect(ours).to.deep.equal(theirs);
      }),
      { numRuns: 300 },
    );
  });
});

/** All that a page says, without the order in which it says it. */
function meaningOf(text: string): object {
  const { samples, types, helps } = parseExposition(text);
  return {
    samples: new Set(samples.map((sample) => JSON.stringify(sample))),
    count: samples.length,
    types: new Map(types),
    helps: new Map(helps),
  };
}
