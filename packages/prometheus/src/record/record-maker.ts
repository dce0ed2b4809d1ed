import type { Describe } from './describe.js';
import { partsOf } from './identities.js';
import type { SeriesKind } from './kind.js';
import {
  CounterRecord,
  GaugeRecord,
  HistogramRecord,
  type Recorded,
  type Scale,
  type Scales,
  SetRecord,
} from './record.js';
import { scalesOf } from './scales.js';

/** Makes records of each kind. A histogram has the bounds of a rule, or else the usual ones. */
export class RecordMaker {
  readonly #scales: Scales;
  readonly #describe: Describe | undefined;
  /** The scales for bounds of rules. They are kept, so that the series of a family share one. */
  readonly #ownScales = new Map<readonly number[], Scale>();

  constructor(scales: Scales, describe: Describe | undefined) {
    this.#scales = scales;
    this.#describe = describe;
  }

  /** A record without samples. */
  make(kind: SeriesKind, key: string): Recorded {
    switch (kind) {
      case 'counter':
      case 'decrements':
        return new CounterRecord(kind, key);
      case 'gauge':
        return new GaugeRecord(kind, key);
      case 'timer':
        return new HistogramRecord(kind, key, this.#scaleOf(kind, key, this.#scales.timers));
      case 'histogram':
        return new HistogramRecord(kind, key, this.#scaleOf(kind, key, this.#scales.values));
      case 'set':
        return new SetRecord(kind, key);
    }
  }

  #scaleOf(kind: 'timer' | 'histogram', key: string, usual: Scale): Scale {
    const bounds = this.#describe?.(kind, partsOf(key).name).buckets;
    if (bounds === undefined) return usual;
    let scale = this.#ownScales.get(bounds);
    if (scale === undefined) {
      scale = scalesOf({ bounds, valueBounds: bounds })[kind === 'timer' ? 'timers' : 'values'];
      this.#ownScales.set(bounds, scale);
    }
    return scale;
  }
}
