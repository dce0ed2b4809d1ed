/** The length of the longest number, in characters, such as `-1.7976931348623157e+308`. */
export const MOST_DIGITS = 25;

/**
 * Writes a number in the form of both text formats. There has to be room for MOST_DIGITS.
 *
 * @returns The end of the number.
 */
export function writeNumber(into: Buffer, at: number, value: number): number {
  // The digits of small integers are written without making a string, because most numbers are small integers.
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

/** The text of a number: `+Inf`, `-Inf`, or else JavaScript's text. */
export function textOf(value: number): string {
  if (value === Infinity) return '+Inf';
  return value === -Infinity ? '-Inf' : String(value);
}
