import { createHash } from 'node:crypto';

/**
 * Names for things whose own ones can't be kept as they are, no two alike: the first that wants a name has it, and later
 * ones get a hash of their own name with it, which is the same in every process.
 */
export class UniqueNames {
  readonly #taken: Set<string>;

  /** @param reserved - names that nobody gets. */
  constructor(reserved: Iterable<string> = []) {
    this.#taken = new Set(reserved);
  }

  /**
   * @param raw - what the hash is made of.
   * @param form - the name with a suffix (at first an empty one), and after it whatever else would be taken with it.
   * @returns The name, which is taken from now on.
   */
  claim(raw: string, form: (suffix: string) => readonly [string, ...string[]]): string {
    for (let length = 0; ; length += 8) {
      const names = form(length === 0 ? '' : `_${nameHash(raw, length)}`);
      if (names.some((name) => this.#taken.has(name))) continue;
      for (const name of names) this.#taken.add(name);
      return names[0];
    }
  }

  /** Lets go of names. Whoever wants one next has it. */
  release(names: readonly string[]): void {
    for (const name of names) this.#taken.delete(name);
  }
}

/** A hash of a name, in as many hexadecimal digits as are wanted. */
export function nameHash(text: string, length: number): string {
  let digits = '';
  for (let round = 0; digits.length < length; round++) {
    digits += createHash('sha256')
      .update(round === 0 ? text : `${text}\0${round}`)
      .digest('hex');
  }
  return digits.slice(0, length);
}
