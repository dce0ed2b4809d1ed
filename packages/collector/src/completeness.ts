import type { Decoded } from '@afstatsd/core';

/** What clients with `telemetry` report of their ledgers, whatever prefix or folded tags they have. */
const REPORT = /(?:^|\.)afstatsd\.client\.(recorded|dropped)(?:\.|$)/;

/** Whether a metric of this name may be such a report. */
export function isClientReport(name: string): boolean {
  return REPORT.test(name);
}

/** How complete the collector's numbers are, by what clients say of their own. */
export class Completeness {
  recorded = 0;
  dropped = 0;

  note(metric: Decoded): void {
    if (metric.type !== 'counter') return;
    const match = REPORT.exec(metric.name);
    const samples = metric.value / metric.rate;
    // Anybody can send such a name: one absurd number shall not spoil the sums for ever.
    if (match !== null && samples >= 0 && samples <= Number.MAX_SAFE_INTEGER)
      this[match[1] as 'recorded' | 'dropped'] += samples;
  }

  /** The share of samples that clients didn't have to drop, in per cent; undefined when none reports. */
  get percent(): number | undefined {
    return this.recorded > 0 ? 100 * Math.max(0, 1 - this.dropped / this.recorded) : undefined;
  }
}
