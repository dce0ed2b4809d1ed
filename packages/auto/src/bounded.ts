import { OTHER } from '@afstatsd/core/instrument';

/** Values of a tag that come from outside. The first ones are told apart, and further ones are `other`. */
export class Bounded {
  readonly #most: number;
  readonly #known = new Set<string>();

  /** @param most - values that are told apart. */
  constructor(most: number) {
    this.#most = most;
  }

  /** The value itself, or `other`. */
  of(value: string): string {
    if (this.#known.has(value)) return value;
    if (value === '' || this.#known.size >= this.#most) return OTHER;
    this.#known.add(value);
    return value;
  }
}
