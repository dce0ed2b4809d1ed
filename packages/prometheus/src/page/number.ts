/** The longest text of a number: `-1.7976931348623157e+308`, or an integer of 2^53. */
export const MOST_DIGITS = 25;

/**
 * Writes a number as both text formats have it. There has to be room for MOST_DIGITS.
 *
 * @returns Where it ends.
 */
export function writeNumber(into: Buffer, at: number, value: number): number {
  // Of small integers, which are most numbers, the digits are written without making a string.
  if (value >= 0 && value < 1e9 && (value | 0) === value) {
    let rest = value | 0;
    let end = at + 1;
    for (let more = rest; more > 9; more = (more / 10) | 0) end++;
    for (let i = end - 1; i >= at; i--) {
      const next = (rest / 10) | 0;
      into[i] = 48 + rest - next * 10;
      rest = next;
    }
    return end;
  }
  return at + into.write(textOf(value), at, 'latin1');
}

/** `+Inf`, `-Inf`, and else as JavaScript has it. */
export function textOf(value: number): string {
  if (value === Infinity) return '+Inf';
  return value === -Infinity ? '-Inf' : String(value);
}
