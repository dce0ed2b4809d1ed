import { type DogstatsdOptions, dogstatsdFormat } from './dogstatsd.js';
import { etsyFormat } from './etsy.js';
import type { Format } from './format.js';
import { graphiteFormat } from './graphite.js';
import { influxFormat } from './influx.js';

/** The formats that StatsD servers read. */
export type StatsdFormat = 'etsy' | 'dogstatsd' | 'influx' | 'graphite';

const FORMATS: Readonly<Record<StatsdFormat, (options: DogstatsdOptions) => Format>> = {
  etsy: etsyFormat,
  dogstatsd: dogstatsdFormat,
  influx: influxFormat,
  graphite: graphiteFormat,
};

export const STATSD_FORMATS: readonly StatsdFormat[] = Object.keys(FORMATS) as StatsdFormat[];

export function makeFormat(name: StatsdFormat, options: DogstatsdOptions): Format {
  return FORMATS[name](options);
}
