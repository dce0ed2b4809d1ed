import type { Batch, Decoded, MetricView, Tag } from '@afstatsd/core';

/** A part of a batch. Each part is taken at once. */
export interface Part {
  readonly metrics: readonly Decoded[];
  /** The number of the batch's metrics in this part. */
  readonly taken: number;
}

/**
 * The most metrics and values of a part. Parts are short, because the flusher gives the event loop back only between two parts.
 */
const MOST_METRICS = 500;
const MOST_VALUES = 10_000;

/** A part of a batch, beginning at a metric. Metrics have the names and tags that they would be sent with. */
export function decodedPart(batch: Batch, from: number): Part {
  const metrics: Decoded[] = [];
  let [at, values] = [from, 0];
  while (at < batch.metrics.length && at - from < MOST_METRICS && values < MOST_VALUES) {
    const view = batch.metrics[at++]!;
    for (const metric of decodedOf(view, batch)) {
      metrics.push(metric);
      if (metric.type === 'timer') values += metric.values.length;
    }
  }
  return { metrics, taken: at - from };
}

function decodedOf(view: MetricView, { naming, repeatsGauges = false }: Batch): Decoded[] {
  const tags = withTags(withTags(view.tags, naming.tags), naming.origin);
  const named = { name: naming.prefix + view.name, ...(tags.length === 0 ? {} : { tags }) };
  switch (view.kind) {
    case 'counter':
      return [{ type: 'counter', ...named, value: view.value, rate: view.rate ?? 1 }];
    case 'gauge': {
      const { value, time, repeatedEvery = 0 } = view;
      const every = repeatsGauges && repeatedEvery > 0 ? { every: repeatedEvery } : {};
      return [{ type: 'gauge', ...named, value, timestamp: time / 1000, ...every }];
    }
    case 'set':
      return [{ type: 'set', ...named, members: view.members.slice(view.from) }];
    case 'timer': {
      const { values, length, exact, rate } = view.samples;
      const from = Math.max(exact, view.from);
      const { as, exemplar } = view;
      const valued = { ...named, ...(as && { as }), ...(exemplar && { exemplar }) };
      const single = Array.from(values.subarray(view.from, exact));
      const weighted = Array.from(values.subarray(from, length));
      return [
        ...(single.length > 0 ? [{ type: 'timer' as const, ...valued, values: single, rate: 1 }] : []),
        ...(weighted.length > 0 ? [{ type: 'timer' as const, ...valued, values: weighted, rate }] : []),
      ];
    }
  }
}

/** Tags, and further tags whose keys they don't have. */
function withTags(tags: readonly Tag[], more: readonly Tag[]): readonly Tag[] {
  if (more.length === 0) return tags;
  return [...tags, ...more.filter(([key]) => !tags.some(([own]) => own === key))];
}
