import type { Decoded } from '@afstatsd/core';
import { History } from '../../src/live/history.js';
import { STEP_MS } from '../../src/live/live-series.js';

/** The places and steps that the page has by default. */
const [PLACES, POINTS] = [5_000, 240];
const TAGS = 3;

const collectGarbage = (globalThis as { gc?: () => void }).gc!;

/** In bytes. */
function used(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function metric(kind: string, i: number): Decoded {
  const name = `shop.some.service.metric_${i}`;
  if (kind === 'gauge') return { type: 'gauge', name, value: i / 7 };
  if (kind === 'timer') return { type: 'timer', name, values: [i, 2 * i, 3 * i], rate: 1 };
  const tags = Array.from({ length: TAGS }, (_, at): [string, string] => [`key${at}`, `value-${i}`]);
  return { type: 'counter', name, value: 1, rate: 1, tags: kind === 'tagged counter' ? tags : [] };
}

// Prints how many bytes a full history of one kind of metric takes.
const [kind = '', places = '1'] = process.argv.slice(2);
let now = 0;
const before = used();
const history = new History({ maxMetrics: PLACES, points: POINTS, now: () => now });
for (let step = 0; step < POINTS; step++) {
  for (let i = 0; i < PLACES / Number(places); i++) history.ingest(metric(kind, i));
  now += STEP_MS;
  history.advance();
}
history.takeChanges();
console.log(JSON.stringify({ bytes: used() - before, held: history.held }));
