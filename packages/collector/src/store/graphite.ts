import type { Output } from '../output/output.js';
import { readGraphiteUrl } from '../config/store-url.js';
import { GraphiteLines } from './graphite-lines.js';
import { PeriodOutput, type StoreOptions } from './period-output.js';
import { sendOverTcp } from './tcp.js';

export interface GraphiteOutputOptions extends StoreOptions {
  /** `tcp://host:2003?prefix=stats&tags=fold`, or `tls://…`. */
  readonly url: string;
  /** Percentiles of timers, from 0 to 100. 90 is the statistic `upper_90`. */
  readonly percentiles: readonly number[];
}

const PREFIX = 'stats';

/** Writes to carbon, or to another store that reads Graphite's plaintext. */
export function graphiteOutput({ url, percentiles, ...options }: GraphiteOutputOptions): Output {
  const { address, shown, own } = readGraphiteUrl(url);
  const { globalTags } = options;
  const lines = new GraphiteLines({
    prefix: own.get('prefix') ?? PREFIX,
    tags: own.get('tags') === 'fold' ? 'fold' : 'keep',
    percentiles,
    globalTags,
  });
  return new PeriodOutput(
    {
      name: `graphite ${shown}`,
      normalise: lines.normalise,
      lines: lines.write,
      encode: (text) => Promise.resolve(Buffer.from(text)),
      send: (body, signal) => sendOverTcp(address, body, signal),
    },
    options,
  );
}
