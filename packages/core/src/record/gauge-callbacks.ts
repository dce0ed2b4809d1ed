import { describeReturned, ignoreRejection } from '../check/returned.js';
import type { Surroundings } from '../host/surroundings.js';
import { describe } from '../text/describe.js';
import type { Identity } from '../text/identity.js';
import type { Caller } from './caller.js';
import type { Intake } from './intake.js';

/** How the values of several callbacks of one gauge are combined. */
export type Combine = 'sum' | 'max' | 'last';

/** The functions that combine two values of a gauge. */
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
  /** How many shutdowns had begun when the callback was added. */
  readonly era: number;
}

interface CallbackGauge {
  readonly identity: Identity;
  combine: Combine;
  readonly callbacks: Set<Callback>;
}

/** The minimum time between two readings, in ms, because a callback may be expensive and flushes may come each second. */
const PERIOD_MS = 10_000;
/** How much earlier than that a reading may come, in ms, because flushes aren't on time to the ms. */
const EARLY_MS = 500;

/**
 * Whether a callback replaces an earlier one. It does if their module was evaluated again in between, as by a hot reload. It also
 * does if the client was shut down in between and the same line has added both, because the process has then begun a new app.
 * Otherwise both count, because one line may be in a constructor that runs for several instances.
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

/** Gauges that are read from the app before a flush. Flushes of the interval read them at most every 10 s. */
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

  /** @param added - Called after each callback that is added. */
  constructor(intake: Intake, { now }: Pick<Surroundings, 'now'>, added: () => void) {
    this.#intake = intake;
    this.#now = now;
    this.#added = added;
  }

  get count(): number {
    return this.#count;
  }

  /**
   * Adds a callback, and returns the function that removes it. The last `combine` of a name counts. Earlier callbacks of the name
   * that this one replaces are removed.
   *
   * @param limit - The maximum number of callbacks.
   * @returns Undefined if there are as many callbacks already.
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

  /** Called at a shutdown. A callback that is added later replaces callbacks that the same line of the program added before. */
  endEra(): void {
    this.#era++;
  }

  /** Sets a function that is called at each reading, too. Undefined removes it. */
  readAlongside(read: (() => void) | undefined): void {
    this.#alongside = read;
    if (read !== undefined) this.#added();
  }

  /** The time of the next reading, in ms of the surroundings' `now()`. `Infinity` if there is nothing to read. */
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
    // Iterates copies, because a callback that removes and adds itself again would be visited for ever.
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
