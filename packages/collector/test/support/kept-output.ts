import type { Decoded } from '@afstatsd/core';
import type { Output, OutputStats } from '../../src/output/output.js';

/** An output that keeps what it is given. */
export class KeptOutput implements Output {
  readonly metrics: Decoded[] = [];
  readonly events: string[] = [];
  readonly start = (): Promise<void> => Promise.resolve();
  readonly flush = (): Promise<void> => Promise.resolve();
  readonly close = (): Promise<void> => Promise.resolve();

  ingestEvent(line: string): void {
    this.events.push(line);
  }

  ingest(metric: Decoded): void {
    this.metrics.push(metric);
  }

  stats(): OutputStats {
    return { name: 'kept', recorded: this.metrics.length, sent: 0, dropped: {}, errors: 0 };
  }
}
