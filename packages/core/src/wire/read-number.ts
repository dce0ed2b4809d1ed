// Each digit can be matched in one way only, because 64 KB of digits would take seconds otherwise.
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** A finite number in decimal; undefined for any other text. */
export function readNumber(text: string): number | undefined {
  if (!NUMBER.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** One number or several; undefined if one of them can't be read. */
export function readNumbers(text: string, separator: string | RegExp): number[] | undefined {
  // Mostly it is one.
  const only = readNumber(text);
  if (only !== undefined) return [only];
  const numbers: number[] = [];
  for (const item of text.split(separator)) {
    const number = readNumber(item);
    if (number === undefined) return undefined;
    numbers.push(number);
  }
  return numbers;
}
