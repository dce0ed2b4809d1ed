import { createHash } from 'node:crypto';

/**
 * Makes names unique, for things whose raw names may become equal. The first claim for a name gets it. Later claims get a hash of
 * their raw name at the end. The hash is the same in every process.
 */
export class UniqueNames {
  readonly #taken: Set<string>;

  /** @param reserved - names that can't be claimed. */
  constructor(reserved: Iterable<string> = []) {
    this.#taken = new Set(reserved);
  }

  /**
   * @param raw - the text that the hash is made of.
   * @param form - returns the name with a suffix, and after it further names that belong to it. The first suffix is empty.
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

  /** Frees names. The next claim for one of them gets it. */
  release(names: readonly string[]): void {
    for (const name of names) this.#taken.delete(name);
  }
}

/** A hash of a name, with `length` hexadecimal digits. */
export function nameHash(text: string, length: number): string {
  let digits = '';
  for (let round = 0; digits.length < length; round++) {
    digits += createHash('sha256')
      .update(round === 0 ? text : `${text}\0${round}`)
      .digest('hex');
  }
  return digits.slice(0, length);
}
