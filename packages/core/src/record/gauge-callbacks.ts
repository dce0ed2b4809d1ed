import { describeReturned, ignoreRejection } from '../check/returned.js';
import type { Surroundings } from '../host/surroundings.js';
import { describe } from '../text/describe.js';
import type { Identity } from '../text/identity.js';
import type { Caller } from './caller.js';
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
  readonly caller: Caller | undefined;
  /** How many shutdowns had begun when it was given. */
  readonly era: number;
}

interface CallbackGauge {
  readonly identity: Identity;
  combine: Combine;
  readonly callbacks: Set<Callback>;
}

/** Time between two readings, in ms: a callback may cost the app something, and flushes may come each second. */
const PERIOD_MS = 10_000;
/** Flushes don't come on time to the ms. */
const EARLY_MS = 500;

/**
 * Whether a callback takes the place of an earlier one. It does where their module was evaluated again in between, and where
 * the client was shut down in between and the same line of the program has given both: the next app of the process has begun.
 * Elsewhere they add up: the same line is that of a constructor, for each of its instances.
 */
function takesPlaceOf({ caller, era }: Callback, { caller: earlier, era: earlierEra }: Callback): boolean {
  if (caller === undefined || earlier === undefined) return false;
  if (caller.place === earlier.place && era !== earlierEra) return true;
  return (
    caller.module !== undefined &&
    caller.module === earlier.module &&
    caller.evaluation !== earlier.evaluation
  );
}

/** Gauges that are read from the app, before a flush, but for the flushes of the interval at most every 10 s. */
export class GaugeCallbacks {
  readonly #intake: Intake;
  readonly #now: () => number;
  readonly #added: () => void;
  readonly #gauges = new Map<string, CallbackGauge>();
  #count = 0;
  #era = 0;
  #reading = false;
  #alongside: (() => void) | undefined;
  #nextReading = 0;

  /** @param added - Called with each callback that comes. */
  constructor(intake: Intake, { now }: Pick<Surroundings, 'now'>, added: () => void) {
    this.#intake = intake;
    this.#now = now;
    this.#added = added;
  }

  get count(): number {
    return this.#count;
  }

  /**
   * Adds a callback, and returns what removes it. The last `combine` given for a name counts. Callbacks of the name whose
   * place it takes are removed.
   *
   * @param limit - How many callbacks there can be.
   * @returns Undefined if this would be one too many.
   */
  add(
    identity: Identity,
    { read, caller, combine }: Pick<Callback, 'read' | 'caller'> & { readonly combine: Combine },
    limit: number,
  ): (() => void) | undefined {
    const { key } = identity;
    const callback: Callback = { read, caller, era: this.#era };
    const known = this.#gauges.get(key);
    for (const earlier of known?.callbacks ?? []) {
      if (takesPlaceOf(callback, earlier)) this.#count -= Number(known!.callbacks.delete(earlier));
    }
    if (this.#count >= limit) return undefined;
    const gauge = known ?? { identity, combine, callbacks: new Set() };
    gauge.combine = combine;
    this.#gauges.set(key, gauge);
    gauge.callbacks.add(callback);
    this.#count++;
    this.#added();
    return () => {
      if (!gauge.callbacks.delete(callback)) return;
      this.#count--;
      if (gauge.callbacks.size === 0 && this.#gauges.get(key) === gauge) this.#gauges.delete(key);
    };
  }

  /** The client is shut down: callbacks that come from now on take the place of those that the same line of the program has given before. */
  endEra(): void {
    this.#era++;
  }

  /** Has something else read at each reading, too. Undefined: nothing any more. */
  readAlongside(read: (() => void) | undefined): void {
    this.#alongside = read;
    if (read !== undefined) this.#added();
  }

  /** When they are to be read, by the clock of the surroundings. `Infinity`: there are none. */
  get nextReading(): number {
    return this.#count === 0 && this.#alongside === undefined ? Infinity : this.#nextReading;
  }

  /** Reads them if it is time. */
  readIfDue(): void {
    if (this.#now() >= this.nextReading) this.read();
  }

  /** Reads every callback and sets the gauges. A callback that flushes doesn't make them be read again. */
  read(): void {
    if (this.#reading) return;
    this.#reading = true;
    this.#nextReading = this.#now() + PERIOD_MS - EARLY_MS;
    this.#alongside?.();
    // Copies: a callback that ends and registers itself again would be met again and again.
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
    ignoreRejection(value);
    this.#intake.refuse(
      'callback value',
      () => `the callback of gauge ${describe(name)} returned ${describeReturned(value)}`,
    );
    return undefined;
  }
}
