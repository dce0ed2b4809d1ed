import { hostname } from 'node:os';
import { type Address, describeAddress } from '../config/address.js';
import type { Expiry } from '@afstatsd/prometheus/parts';
import { OPTIONS, type OptionSpec, flagName } from '../config/option-specs.js';
import type { CollectorOptions, Owner } from '../config/options.js';
import { readGraphiteUrl, readHttpUrl, shownUrl } from '../config/store-url.js';

/** Functions that show the values of some options. A URL is shown without the parts that may be secrets. */
const SHOWN: Partial<Record<string, (value: never) => string>> = {
  forward: shownUrl,
  otlp: shownUrl,
  graphite: (url: string) => readGraphiteUrl(url).shown,
  influx: (url: string) => readHttpUrl(url).shown,
  push: (url: string) => readHttpUrl(url).shown,
  expire: ({ kind, after }: Expiry) => `${kind === undefined ? '' : `${kind}=`}${duration(after)}`,
  unixMode: (mode: number) => mode.toString(8),
  unixOwner: ({ uid, gid }: Owner) => `${uid ?? ''}${gid === undefined ? '' : `:${gid}`}`,
  globalTag: (tag: readonly [string, string]) => tag.join('='),
};

/** A line for each setting: the option, its value, and the value's source. */
export function settingLines(options: CollectorOptions, sources: Readonly<Record<string, string>>): string[] {
  const rows = (Object.keys(OPTIONS) as (keyof CollectorOptions)[]).map((name) => [
    flagName(name),
    shownValue(name, options),
    sources[name] ?? 'default',
  ]);
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function shownValue(name: keyof CollectorOptions, options: CollectorOptions): string {
  const value: unknown = options[name];
  if (value === undefined) return withoutValue(name, options);
  if (value === false && OPTIONS[name].value !== undefined) return 'off';
  if (Array.isArray(value) && OPTIONS[name].many === true)
    return value.length === 0
      ? name === 'udp'
        ? 'off'
        : 'none'
      : value.map((one) => shown(name, one)).join(' ');
  return shown(name, value);
}

function shown(name: keyof CollectorOptions, value: unknown): string {
  const own = SHOWN[name];
  if (own !== undefined) return own(value as never);
  if (Array.isArray(value)) return value.join(',');
  if (typeof value === 'object' && value !== null) return describeAddress(value as Address);
  const { value: form } = OPTIONS[name] as OptionSpec<unknown>;
  return form === 'TIME' && typeof value === 'number' ? duration(value) : String(value);
}

/** The text for an option that isn't given, and whose value follows from another option or from the machine. */
function withoutValue(name: keyof CollectorOptions, { interval }: CollectorOptions): string {
  if (name === 'clientInterval') return 'half of the quickest output’s';
  if (name.endsWith('Interval')) return duration(interval);
  if (name === 'globalTag') return `host=${hostname()}`;
  if (name === 'buckets') return 'those of each output';
  if (name === 'unixOwner') return 'this user';
  if (name === 'otlpTemporality' || name === 'otlpProtocol') return 'as OTEL_EXPORTER_OTLP_… say';
  return 'none';
}

const UNITS = [
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

/** A duration in the form of an option: `10s`. */
function duration(ms: number): string {
  const unit = UNITS.find(([, length]) => ms >= length && ms % length === 0);
  return unit === undefined ? `${ms}ms` : `${ms / unit[1]}${unit[0]}`;
}
