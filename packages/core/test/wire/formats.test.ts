import { useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import * as fc from 'fast-check';
import {
  type Decoded,
  type StatsdClient,
  type StatsdFormat,
  type Tags,
  decode,
  decodeLines,
} from '../../src/index.js';
import { afFormat } from '../../src/wire/af.js';
import type { Format } from '../../src/wire/format.js';
import { makeFormat } from '../../src/wire/formats.js';
import { FormatTransport } from '../support/format-transport.js';
import {
  type Line,
  parseAF,
  parseDogstatsd,
  parseEtsy,
  parseGraphite,
  parseInflux,
  parseQueue,
} from '../support/strict-parsers.js';

type Pair = readonly [key: string, value: string];

const each = (text: string, change: (character: string) => string): string =>
  Array.from(text, change).join('');
const isControl = (character: string): boolean => /[\p{Cc}\p{Cs}]/u.test(character);
const replace = (text: string, characters: string): string =>
  each(text, (one) => (characters.includes(one) || isControl(one) ? '_' : one));
const printable = (text: string): string => replace(text, '');
/** Names in every format: wire.md, section 1. */
const clean = (name: string): string => {
  const cleaned = replace(name.split('::').join('.'), ':|@');
  return cleaned.startsWith('_e{') ? `_e_${cleaned.slice(3)}` : cleaned;
};
/** wire.md, section 2. */
const safe = (text: string): string =>
  each(text, (one) => (one === '/' ? '-' : /[A-Za-z0-9_.-]/.test(one) ? one : '_'));
const influxSafe = (text: string): string =>
  text === '' ? '_' : each(text, (one) => (/[\s:|@,=]/u.test(one) ? '_' : one));

interface Expectation {
  readonly parse: (message: string) => Line[];
  /** How the format spells a name, with its prefix, and its tags: own ones sorted by key, then those of `configure`. */
  readonly spell: (name: string, tags: readonly Pair[]) => [name: string, tags: readonly Pair[]];
  readonly member?: (text: string, tags: readonly Pair[]) => string;
  /** A sign before a gauge's value means a change of it. */
  readonly signsAreChanges: boolean;
  /** Whether counters are rounded. Default: they have decimals. */
  readonly rounds?: (tags: readonly Pair[]) => boolean;
  /** Whether a name without tags may look as if it had some. Default: no. */
  readonly hasAmbiguousNames?: boolean;
}

/** A path is written without its first slash, and with nothing that a name shouldn't hold. */
const foldPath = (path: string): string =>
  path === ''
    ? 'root'
    : each(path, (one) => {
        if (one === '*') return '_all';
        return one === '/' || one === '.' ? '-' : /[\p{L}\p{N}_-]/u.test(one) ? one : '_';
      });

/** wire.md, section 3. */
const fold = (name: string, tags: readonly Pair[]): string =>
  [
    name,
    ...tags.map(([, value]) =>
      value.startsWith('/')
        ? foldPath(value.slice(1))
        : value === ''
          ? '_'
          : replace(
              each(value, (one) => (one === '/' || one === '.' ? '-' : one)),
              ':|@',
            ),
    ),
  ].join('.');

/** Datadog's tags: wire.md, section 1. */
const tagged = (tags: readonly Pair[]): Pair[] =>
  tags.map(([key, value]) => [replace(key, ',|:'), replace(value, ',|')]);

const FORMATS: Record<'af' | 'af, folded' | StatsdFormat, Expectation> = {
  af: {
    parse: parseQueue,
    spell: (name, tags) => [name, tagged(tags)],
    member: (text, tags) => (tags.length > 0 ? text : replace(text, ',')),
    rounds: (tags) => tags.length === 0,
    signsAreChanges: false,
  },
  'af, folded': {
    parse: parseAF,
    spell: (name, tags) => [fold(name, tags), []],
    member: (text) => replace(text, ','),
    rounds: () => true,
    signsAreChanges: false,
  },
  dogstatsd: {
    parse: parseDogstatsd,
    // The Agent takes what begins with _sc for a service check.
    spell: (name, tags) => [name.startsWith('_sc') ? `-${name.slice(1)}` : name, tagged(tags)],
    signsAreChanges: true,
    hasAmbiguousNames: true,
  },
  influx: {
    parse: parseInflux,
    spell: (name, tags) => [
      influxSafe(name),
      tags.map(([key, value]) => [influxSafe(key), influxSafe(value)]),
    ],
    rounds: () => true,
    member: (text) => (text.startsWith('-') || text.startsWith('+') ? `_${text}` : text),
    signsAreChanges: true,
  },
  graphite: {
    parse: parseGraphite,
    spell: (name, tags) => [
      safe(name),
      tags.map(([key, value]) => [safe(key), value === '' ? '_' : safe(value)]),
    ],
    signsAreChanges: true,
  },
  etsy: {
    parse: parseEtsy,
    spell: (name, tags) => [safe(fold(name, tags)), []],
    signsAreChanges: true,
  },
};

const SEPARATORS = [
  ':',
  '::',
  '|',
  '#',
  '@',
  ',',
  ';',
  '=',
  '[',
  ']',
  '/',
  '.',
  '!',
  '^',
  '~',
  '-',
  '+',
  '_',
  ' ',
  '\t',
  '\n',
  '\r',
  '\0',
];
const character = fc.oneof(
  fc.constantFrom(...SEPARATORS),
  fc.constantFrom(
    'a',
    'b',
    'Z',
    '0',
    'é',
    '€',
    '🛒',
    '\u2028',
    '\u00a0',
    '\ufeff',
    '\ud800',
    'ß',
    '|#',
    '|@0.5',
    '\\',
    '"',
  ),
);
const hostile = (most: number): fc.Arbitrary<string> =>
  fc.oneof(
    {
      weight: 10,
      arbitrary: fc.array(character, { minLength: 1, maxLength: most }).map((parts) => parts.join('')),
    },
    { weight: 4, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: most }) },
    { weight: 6, arbitrary: fc.constantFrom('a', 'b.c', 'web.hits', '__proto__', 'constructor', 'toString') },
    { weight: 1, arbitrary: fc.constantFrom('', 'long'.repeat(40), '€'.repeat(200), 'x'.repeat(513)) },
  );
const name = fc.oneof(
  { weight: 20, arbitrary: hostile(12) },
  // Events and service checks of the Agent.
  { weight: 1, arbitrary: fc.constantFrom('_e{', '_e{1,1}:a', '|e{2', '_sc', '_sc|a|0', ':sc', '_e{_sc') },
);
const tagValue = fc.oneof(
  hostile(10),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constantFrom(null, undefined),
);
const tags = fc.oneof(
  fc.constant(undefined),
  fc.dictionary(
    hostile(6).filter((key) => key !== '' && key !== '__proto__'),
    tagValue,
    { maxKeys: 4 },
  ),
) as fc.Arbitrary<Tags | undefined>;

const duration = fc.oneof(
  fc.nat(100_000).map((n) => n / 1000),
  fc.double({ min: 0, max: 1e15, noNaN: true }),
  fc.constantFrom(0, -0, 1e-9, 0.0005, 1e21, 7.05),
);
const gaugeValue = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(-5, -0.5, -1e-7, 1e-320, -1e300, 1e21, Number.MAX_VALUE, -0, 0),
);
const delta = fc.oneof(
  fc.integer({ min: -1e12, max: 1e12 }).map((n) => n / 4),
  fc.constantFrom(2 ** 53 - 1, 1, -1, 0),
);
const member = fc.oneof(
  hostile(8).filter((text) => text !== ''),
  fc.integer(),
);

type Call = { readonly name: string; readonly tags: Tags | undefined } & (
  | { readonly kind: 'c' | 'g'; readonly values: number[] }
  | { readonly kind: 'ms'; readonly values: number[] }
  | { readonly kind: 's'; readonly values: (string | number)[] }
);

const call = fc.oneof(
  fc.record({ kind: fc.constant('c'), name, tags, values: fc.array(delta, { minLength: 1, maxLength: 3 }) }),
  fc.record({
    kind: fc.constant('g'),
    name,
    tags,
    values: fc.array(gaugeValue, { minLength: 1, maxLength: 2 }),
  }),
  fc.record({
    kind: fc.constant('ms'),
    name,
    tags,
    values: fc.array(duration, { minLength: 1, maxLength: 60 }),
  }),
  fc.record({
    kind: fc.constant('s'),
    name,
    tags,
    values: fc.array(member, { minLength: 1, maxLength: 20 }),
  }),
) as fc.Arbitrary<Call>;

const world = fc.record({
  calls: fc.array(call, { minLength: 1, maxLength: 12 }),
  prefix: fc.constantFrom('', 'shop', 'größe.', 'a/b c', 'x,y=z;'),
  common: fc.constantFrom<Tags>(
    {},
    { host: 'web:1' },
    { a: 'configured', 'k,|:;=': 'v,|:;= ' },
    { empty: '' },
  ),
  maxMessageBytes: fc.constantFrom(60, 150, 700, 1432, 8192),
  maxSamples: fc.constantFrom(3, 16, 1024),
});

/** What one metric holds. */
interface Recorded {
  readonly kind: Call['kind'];
  readonly label: string;
  readonly rounded: boolean;
  numbers: number[];
  members: Set<string>;
}

const labelOf = (kind: string, name: string, tags: readonly Pair[]): string =>
  JSON.stringify([kind, name, tags]);

function record(statsd: StatsdClient, { kind, name, tags }: Call, value: number | string): void {
  const options = tags === undefined ? undefined : { tags };
  if (kind === 'c') statsd.updateStats(name, value as number, options);
  else if (kind === 'g') statsd.gauge(name, value as number, options);
  else if (kind === 'ms') statsd.timing(name, value as number, options);
  else statsd.set(name, value, options);
}

/** Own tags sorted by key, then those of `configure` that they don't override. */
function allTags(own: Tags = {}, common: Tags): Pair[] {
  const spelled = (tags: Tags): Pair[] =>
    Object.entries(tags)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([key, value]) => [printable(key), printable(String(value))] as const)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const mine = spelled(own);
  return [...mine, ...spelled(common).filter(([key]) => mine.every(([other]) => other !== key))];
}

const sorted = (numbers: readonly number[]): number[] => [...numbers].sort((a, b) => a - b);

function expectSameDurations(read: readonly number[], recorded: readonly number[]): void {
  const [a, b] = [sorted(read), sorted(recorded)];
  expect(a.length).to.equal(b.length);
  for (const [at, value] of a.entries()) {
    // Half a microsecond, and what a double of this size can't tell apart.
    expect(Math.abs(value - b[at]!)).to.be.at.most(0.000501 + value * 2 ** -51);
  }
}

function formatOf(name: string): Format {
  if (name.startsWith('af')) return afFormat({ tags: name === 'af' ? 'keep' : 'fold' });
  return makeFormat(name as StatsdFormat, {});
}

for (const [format, expectation] of Object.entries(FORMATS)) {
  const {
    parse,
    spell,
    member: spellMember = (text: string) => text,
    signsAreChanges,
    rounds = () => false,
    hasAmbiguousNames = false,
  } = expectation;
  describe(`the ${format} format`, () => {
    const makeClient = useClients();

    it('is read strictly, and gives what was recorded, whatever the names, tags and values', async () => {
      let [recordedCalls, refusedCalls, compared] = [0, 0, 0];
      await fc.assert(
        fc.asyncProperty(world, async ({ calls, prefix, common, maxMessageBytes, maxSamples }) => {
          const transport = new FormatTransport(formatOf(format), maxMessageBytes);
          const { statsd } = makeClient({ transport, prefix, tags: common, maxSamples });
          const metrics = new Map<string, Recorded>();
          for (const one of calls) {
            const dotted = prefix === '' || prefix.endsWith('.') ? prefix : `${prefix}.`;
            const [spelledName, spelledTags] = spell(dotted + clean(one.name), allTags(one.tags, common));
            const identity = JSON.stringify([one.kind, clean(one.name), allTags(one.tags, {})]);
            const label = labelOf(one.kind, spelledName, spelledTags);
            for (const value of one.values) {
              const before = statsd.stats().recorded;
              record(statsd, one, value);
              const accepted = statsd.stats().recorded > before && statsd.stats().dropped.cardinality === 0;
              if (accepted) recordedCalls++;
              else refusedCalls++;
              if (!accepted) continue;
              const metric = metrics.get(identity) ?? {
                kind: one.kind,
                label,
                rounded: rounds(allTags(one.tags, common)),
                numbers: [],
                members: new Set(),
              };
              metrics.set(identity, metric);
              if (one.kind === 's')
                metric.members.add(
                  spellMember(replace(String(value).split('::').join('.'), ':|@'), allTags(one.tags, common)),
                );
              else metric.numbers.push(value as number);
            }
          }
          await statsd.flush();
          expect(statsd.stats().pending).to.equal(0);

          const read = new Map<string, Line[]>();
          for (const message of transport.messages) {
            expect(Buffer.byteLength(message)).to.be.at.most(maxMessageBytes);
            for (const line of parse(message)) {
              const label = labelOf(line.type, line.name, line.tags);
              read.set(label, [...(read.get(label) ?? []), line]);
            }
            const { metrics, bad } = (format.startsWith('af') ? decode : decodeLines)(Buffer.from(message));
            expect(bad).to.deep.equal([]);
            const lines = parse(message);
            const isClear = (_: unknown, at: number): boolean =>
              !hasAmbiguousNames || lines[at]!.tags.length > 0 || !/[,;[]/.test(lines[at]!.name);
            expect(metrics.map(asLine).filter(isClear)).to.deep.equal(lines.map(asRead).filter(isClear));
            checkNegativeGauges(message, parse, signsAreChanges);
          }
          const { cardinality, oversize } = statsd.stats().dropped;
          if (cardinality + oversize > 0) return;
          compared++;

          const expected = new Map<string, Recorded[]>();
          for (const metric of metrics.values())
            expected.set(metric.label, [...(expected.get(metric.label) ?? []), metric]);
          expect([...read.keys()].sort()).to.deep.equal([...expected.keys()].sort());
          for (const [label, wanted] of expected)
            check(wanted, read.get(label)!, signsAreChanges, maxSamples);
        }),
        { numRuns: 300 },
      );
      // The test must not have looked at next to nothing.
      expect(recordedCalls).to.be.greaterThan(refusedCalls);
      expect(compared).to.be.greaterThan(100);
    });
  });
}

/** What `decode` and the strict parser have both to say. */
function asLine(metric: Decoded): unknown {
  const { type, name, tags = [] } = metric;
  const values = type === 'timer' ? metric.values : type === 'set' ? metric.members : [metric.value];
  return { type, name, tags, values, rate: 'rate' in metric ? metric.rate : 1 };
}

const TYPES: Readonly<Record<string, string>> = { c: 'counter', g: 'gauge', ms: 'timer', s: 'set' };

function asRead({ type, name, tags, values, rate }: Line): unknown {
  return { type: TYPES[type], name, tags, values: type === 's' ? values : values.map(Number), rate };
}

/** In a datagram, a negative gauge is set to zero first, where its sign would mean a change; no other line comes between. */
function checkNegativeGauges(
  message: string,
  parse: (message: string) => Line[],
  signsAreChanges: boolean,
): void {
  const lines = parse(message);
  for (const [at, { type, name, tags, values }] of lines.entries()) {
    if (type !== 'g' || !values[0]!.startsWith('-') || !signsAreChanges) continue;
    const before = lines[at - 1];
    expect(before && [before.name, before.tags, before.type, before.values]).to.deep.equal([
      name,
      tags,
      'g',
      ['0'],
    ]);
  }
}

/** What the server ends up with, against what was recorded; several metrics may be one to it. */
function check(
  wanted: readonly Recorded[],
  lines: readonly Line[],
  signsAreChanges: boolean,
  maxSamples: number,
): void {
  const numbers = wanted.flatMap((metric) => metric.numbers);
  switch (wanted[0]!.kind) {
    case 'c': {
      const sums = wanted.map(({ numbers, rounded }) => {
        const sum = numbers.reduce((sum, one) => sum + one, 0);
        return rounded ? Math.round(sum) : sum;
      });
      const total = lines.reduce((sum, { values }) => sum + Number(values[0]), 0);
      expect(total + 0).to.equal(sums.reduce((sum, one) => sum + one, 0) + 0);
      return;
    }
    case 'g': {
      let value = 0;
      for (const { values } of lines) {
        const written = Number(values[0]);
        value = signsAreChanges && values[0]!.startsWith('-') ? value + written : written;
      }
      expect(wanted.map((metric) => metric.numbers.at(-1)! + 0)).to.include(value);
      return;
    }
    case 'ms': {
      const read = lines.flatMap(({ values }) => values.map(Number));
      if (wanted.every((metric) => metric.numbers.length <= maxSamples)) {
        expect(lines.every(({ rate }) => rate === 1)).to.equal(true);
        expectSameDurations(read, numbers);
        return;
      }
      const count = lines.reduce((sum, { values, rate }) => sum + values.length / rate, 0);
      expect(Math.round(count)).to.equal(numbers.length);
      expectSameDurations(
        [Math.min(...read), Math.max(...read)],
        [Math.min(...numbers), Math.max(...numbers)],
      );
      return;
    }
    case 's': {
      const read = lines.flatMap(({ values }) => values);
      expect(new Set(read)).to.deep.equal(new Set(wanted.flatMap((metric) => [...metric.members])));
    }
  }
}
