/** One sample of a text exposition. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Exposition {
  readonly samples: readonly Sample[];
  /** The type of each family. */
  readonly types: ReadonlyMap<string, string>;
  /** What each family is, for people. */
  readonly helps: ReadonlyMap<string, string>;
}

const NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const SAMPLE = /^([a-zA-Z_][a-zA-Z0-9_]*)(?:\{(.*)\})? (\S+)$/s;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/gy;
const VALUE = /^(?:NaN|[+-]Inf|[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)$/i;

/**
 * Reads an exposition, and throws at whatever isn't valid in it: syntax, families that are told twice or that mix, series
 * that are there twice, buckets that fall.
 *
 * @see https://github.com/prometheus/docs/blob/main/content/docs/instrumenting/exposition_formats.md
 */
export function parseExposition(text: string): Exposition {
  if (!text.endsWith('\n')) throw new Error('no newline at the end');
  const types = new Map<string, string>();
  const helps = new Map<string, string>();
  const owners = new Map<string, string>();
  const series = new Set<string>();
  const samples: Sample[] = [];
  let family = '';
  for (const line of text.slice(0, -1).split('\n')) {
    if (line === '' || (line.startsWith('#') && !/^# (?:HELP|TYPE) /.test(line))) continue;
    if (line.startsWith('# ')) {
      const [, what, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.*)$/s.exec(line) ?? fail(line);
      if (!NAME.test(name)) fail(line);
      if (what === 'HELP') {
        if (helps.has(name)) fail(line);
        helps.set(name, unescaped(rest));
        continue;
      }
      if (types.has(name) || !['counter', 'gauge', 'histogram'].includes(rest)) fail(line);
      types.set(name, rest);
      family = name;
      const names =
        rest === 'histogram' ? ['', '_bucket', '_sum', '_count'].map((end) => name + end) : [name];
      for (const one of names) {
        if (owners.has(one)) throw new Error(`${one} belongs to ${owners.get(one)} and ${name}`);
        owners.set(one, name);
      }
      continue;
    }
    const [, name = '', labelText = '', number = ''] = SAMPLE.exec(line) ?? fail(line);
    if (owners.get(name) !== family || !VALUE.test(number)) fail(line);
    const labels = parseLabels(labelText, line);
    const identity = [
      name,
      ...Object.entries(labels)
        .filter(([, value]) => value !== '')
        .map((label) => JSON.stringify(label))
        .sort((a, b) => (a < b ? -1 : 1)),
    ].join();
    if (series.has(identity)) throw new Error(`twice: ${line}`);
    series.add(identity);
    samples.push({ name, labels, value: Number(number.replace('Inf', 'Infinity')) });
  }
  for (const [name, type] of types) if (type === 'histogram') checkHistogram(name, samples);
  return { samples, types, helps };
}

function parseLabels(text: string, line: string): Record<string, string> {
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  for (let at = 0; at < text.length; at = LABEL.lastIndex) {
    const [, key = '', value = ''] = LABEL.exec(text) ?? fail(line);
    if (Object.hasOwn(labels, key) || key.startsWith('__')) fail(line);
    labels[key] = unescaped(value);
  }
  return labels;
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
}

function checkHistogram(name: string, samples: readonly Sample[]): void {
  const last = new Map<string, Sample>();
  const identity = ({ labels }: Sample): string => JSON.stringify({ ...labels, le: '' });
  for (const sample of samples.filter((one) => one.name === `${name}_bucket`)) {
    const before = last.get(identity(sample));
    const bound = (one: Sample): number => Number(one.labels['le']!.replace('Inf', 'Infinity'));
    if (before && (before.value > sample.value || !(bound(before) < bound(sample)))) {
      throw new Error(`buckets of ${name} fall`);
    }
    last.set(identity(sample), sample);
  }
  for (const sample of samples.filter((one) => one.name === `${name}_count`)) {
    const all = last.get(identity(sample));
    if (all?.labels['le'] !== '+Inf' || all.value !== sample.value)
      throw new Error(`${name}: +Inf isn't the count`);
  }
}

function fail(line: string): never {
  throw new Error(`not valid: ${JSON.stringify(line)}`);
}
