import type { Log } from '../log.js';
import { ClientOutput } from './client-output.js';

export interface ForwardOptions {
  /** `udp://host:port?format=dogstatsd`, or `unix:///path`. */
  readonly url: string;
  /** In ms. */
  readonly interval: number;
  readonly maxMetrics: number;
  readonly log: Log;
}

/** Passes metrics on to a StatsD server, aggregated, through one of core's transports. */
export class ForwardOutput extends ClientOutput {
  /** @throws TypeError for a URL that can't be used. */
  constructor({ url, ...options }: ForwardOptions) {
    super({ name: `forward ${url}`, transport: url, ...options });
  }
}
