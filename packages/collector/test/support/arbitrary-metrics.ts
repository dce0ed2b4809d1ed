import type { Decoded } from '@afstatsd/core';
import * as fc from 'fast-check';

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

/** Metrics as they may come in, with names and tags that are hostile, or that meet. */
export const metrics: fc.Arbitrary<Decoded[]> = fc.array(metric, { maxLength: 30 });
