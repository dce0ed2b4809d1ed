import type { Tag } from '../text/tags.js';
import type { Samples, SetView, TimerView, ValueKind } from './view.js';

/**
 * The rest of a timer or set whose first part has been sent. It takes no new values. The calls of all its parts add up to the
 * recorded calls.
 */
abstract class Sealed {
  readonly name: string;
  readonly tags: readonly Tag[];
  readonly ascii: boolean;
  #from = 0;
  readonly #length: number;
  readonly #exact: number;
  readonly #total: number;

  constructor(view: TimerView | SetView, length: number, exact: number, calls: number) {
    this.name = view.name;
    this.tags = view.tags;
    this.ascii = view.ascii;
    this.#length = length;
    this.#exact = exact;
    this.#total = calls;
  }

  get from(): number {
    return this.#from;
  }

  /** Calls that haven't left yet. */
  get calls(): number {
    return this.#total - this.#callsUpTo(this.#from);
  }

  /** Notes that `values` more values have left, and returns how many calls these stood for. */
  advance(values: number): number {
    const before = this.#callsUpTo(this.#from);
    this.#from += values;
    return this.#callsUpTo(this.#from) - before;
  }

  clear(): number {
    return this.advance(this.#length - this.#from);
  }

  #callsUpTo(position: number): number {
    if (position >= this.#length) return this.#total;
    if (position <= this.#exact) return position;
    const share = (position - this.#exact) / (this.#length - this.#exact);
    return this.#exact + Math.round(share * (this.#total - this.#exact));
  }
}

export class SealedTimer extends Sealed implements TimerView {
  readonly kind = 'timer';
  readonly samples: Samples;
  declare readonly as?: ValueKind;

  constructor(timer: TimerView, calls: number) {
    const { samples, as } = timer;
    super(timer, samples.length, samples.exact, calls);
    this.samples = samples;
    if (as !== undefined) this.as = as;
  }
}

export class SealedSet extends Sealed implements SetView {
  readonly kind = 'set';
  readonly members: readonly string[];

  constructor(set: SetView, calls: number) {
    const { members } = set;
    super(set, members.length, 0, calls);
    this.members = members;
  }
}
