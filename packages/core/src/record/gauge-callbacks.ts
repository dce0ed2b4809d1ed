import { describe } from '../text/describe.js';
import type { Identity } from '../text/identity.js';
import type { Intake } from './intake.js';

/** What several callbacks under one name make together. */
export type Combine = 'sum' | 'max' | 'last';

/** What two values of a gauge make together, for each way of combining them. */
export const COMBINE: Readonly<Record<Combine, (a: number, b: number) => number>> = {
  sum: (a, b) => a + b,
  max: Math.max,
  last: (_, b) => b,
};

export function isCombine(value: unknown): value is Combine {
  return typeof value === 'string' && Object.hasOwn(COMBINE, value);
}

interface Callback {
  readonly read: () => number;
}

interface CallbackGauge {
  readonly identity: Identity;
  combine: Combine;
  readonly callbacks: Set<Callback>;
}

/** Gauges that are read from the app, once a flush. */
export class GaugeCallbacks {
  readonly #intake: Intake;
  readonly #gauges = new Map<string, CallbackGauge>();
  #count = 0;
  #reading = false;

  constructor(intake: Intake) {
    this.#intake = intake;
  }

  get count(): number {
    return this.#count;
  }

  /** Adds a callback, and returns what removes it. The last `combine` given for a name counts. */
  add(identity: Identity, read: () => number, combine: Combine): () => void {
    const { key } = identity;
    const gauge = this.#gauges.get(key) ?? { identity, combine, callbacks: new Set() };
    gauge.combine = combine;
    this.#gauges.set(key, gauge);
    const callback = { read };
    gauge.callbacks.add(callback);
    this.#count++;
    return () => {
      if (!gauge.callbacks.delete(callback)) return;
      this.#count--;
      if (gauge.callbacks.size === 0 && this.#gauges.get(key) === gauge) this.#gauges.delete(key);
    };
  }

  /** Reads every callback and sets the gauges. A callback that flushes doesn't make them be read again. */
  read(): void {
    if (this.#reading) return;
    this.#reading = true;
    // Copies: a callback that ends itself and begins anew would be met again and again.
    for (const { identity, combine, callbacks } of Array.from(this.#gauges.values())) {
      let value: number | undefined;
      for (const callback of Array.from(callbacks)) {
        const read = this.#readOne(identity.name, callback);
        if (read !== undefined) value = value === undefined ? read : COMBINE[combine](value, read);
      }
      if (value !== undefined) this.#intake.setGauge(identity, value);
    }
    this.#reading = false;
  }

  #readOne(name: string, { read }: Callback): number | undefined {
    let value: unknown;
    try {
      value = read();
    } catch (error) {
      this.#intake.refuse(
        'callback',
        () => `the callback of gauge ${describe(name)} threw ${describe(String(error))}`,
      );
      return undefined;
    }
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    this.#intake.refuse(
      'callback value',
      () => `the callback of gauge ${describe(name)} returned ${describe(value)}`,
    );
    return undefined;
  }
}
