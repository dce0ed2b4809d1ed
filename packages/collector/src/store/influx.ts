import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { HEADER_VARIABLES } from '../config/headers.js';
import { readHttpUrl } from '../config/store-url.js';
import type { Output } from '../output/output.js';
import { headersFor } from './headers.js';
import { post } from './http.js';
import { InfluxLines } from './influx-lines.js';
import { PeriodOutput, type StoreOptions } from './period-output.js';

export interface InfluxOutputOptions extends StoreOptions {
  /** `http://host:8086/write?db=…`, or version 2's `http://host:8086/api/v2/write?org=…&bucket=…`. */
  readonly url: string;
  /** Percentiles of timers, from 0 to 100. 90 is the field `90_percentile`. */
  readonly percentiles: readonly number[];
  /** The environment. Default: that of the process. */
  readonly env?: NodeJS.ProcessEnv | undefined;
}

const compress = promisify(gzip);

/** Writes to InfluxDB, or to another store that takes its line protocol. */
export function influxOutput({ url, env = process.env, ...options }: InfluxOutputOptions): Output {
  const target = readHttpUrl(url);
  const { address } = target;
  address.searchParams.set('precision', 's');
  const headers = {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Encoding': 'gzip',
    ...headersFor(target, HEADER_VARIABLES.influx, env),
  };
  const lines = new InfluxLines(options);
  return new PeriodOutput(
    {
      name: `influx ${target.shown}`,
      normalise: lines.normalise,
      lines: lines.write,
      encode: (text) => compress(text),
      send: (body, signal) => post({ address, headers, body, signal }),
    },
    options,
  );
}
