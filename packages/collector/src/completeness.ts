import type { Decoded } from '@afstatsd/core';

/** Metrics by which clients with `telemetry` report their ledgers. The names may have any prefix and folded tags. */
const REPORT = /(?:^|\.)afstatsd\.client\.(recorded|dropped)(?:\.|$)/;

/** Whether a metric of this name may be such a report. */
export function isClientReport(name: string): boolean {
  return REPORT.test(name);
}

/** The completeness of the collector's numbers. It is computed from the numbers that clients report about themselves. */
export class Completeness {
  recorded = 0;
  dropped = 0;

  note(metric: Decoded): void {
    if (metric.type !== 'counter') return;
    const match = REPORT.exec(metric.name);
    const samples = metric.value / metric.rate;
    // Anybody can send such a name, so an absurd number is ignored. It would spoil the sums for ever.
    if (match !== null && samples >= 0 && samples <= Number.MAX_SAFE_INTEGER)
      this[match[1] as 'recorded' | 'dropped'] += samples;
  }

  /** The share of samples that clients didn't have to drop, in per cent; undefined when none reports. */
  get percent(): number | undefined {
    return this.recorded > 0 ? 100 * Math.max(0, 1 - this.dropped / this.recorded) : undefined;
  }
}
