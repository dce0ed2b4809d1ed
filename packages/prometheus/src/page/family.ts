import { Block } from './block.js';
import { type HistogramSeries, type Labels, type NumberSeries, labelText } from './series.js';

interface Described {
  /** The name of the family. A counter's name has `_total` at the end. */
  readonly name: string;
  readonly help: string;
}

/** All series of one name. */
export type Family = NumberFamily | HistogramFamily;

/** The part that both kinds of family share. */
abstract class Base<S extends { readonly isGone: boolean }> implements Described {
  readonly name: string;
  readonly help: string;
  /** The series. Removing series puts a new block here. */
  block: Block<S> = new Block<S>();

  constructor({ name, help }: Described) {
    this.name = name;
    this.help = help;
  }

  /** @param began - a time at which the series was still 0, in ms since 1970. */
  add(labels: Labels, series: S, began: number): void {
    this.block.add(labelText(labels), series, began);
  }

  /** Removes the series that are gone, and returns them. */
  compact(): readonly S[] {
    const gone = this.block.series.filter(({ isGone }) => isGone);
    if (gone.length > 0) this.block = this.block.filtered(({ isGone }) => !isGone);
    return gone;
  }
}

/** Counters or gauges. */
export class NumberFamily extends Base<NumberSeries> {
  readonly type: 'counter' | 'gauge';

  constructor(type: 'counter' | 'gauge', described: Described) {
    super(described);
    this.type = type;
  }
}

/** Histograms, all with the same bounds. */
export class HistogramFamily extends Base<HistogramSeries> {
  readonly type = 'histogram';
  /** Upper bounds of the buckets, without the bound of the last bucket, which is infinite. */
  readonly bounds: readonly number[];
  /** The unit at the end of the name. Empty for none. */
  readonly unit: string;

  constructor(described: Described, bounds: readonly number[], unit = '') {
    super(described);
    this.bounds = bounds;
    this.unit = unit;
  }
}
