/** Milliseconds in each unit of a duration. */
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** The texts that stand for true and false. */
const BOOLEANS: Readonly<Record<string, boolean>> = {
  '1': true,
  true: true,
  yes: true,
  on: true,
  '0': false,
  false: false,
  no: false,
  off: false,
};

/** The texts that {@link parseBoolean} reads, for an error. */
export const BOOLEAN_TEXTS: string = Object.keys(BOOLEANS).join(', ');

/**
 * Reads a duration with its unit: `500ms`, `20s`, `1.5m`, `1h`, or `0`.
 *
 * @returns The duration in ms, or undefined for any other text.
 */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0;
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  return match === null ? undefined : Number(match[1]) * UNITS[match[2]!]!;
}

/**
 * Reads a switch of the environment, of a URL or of a file, in any case: `1`, `true`, `yes`, `on`, and their opposites.
 *
 * @returns Undefined for any other text.
 */
export function parseBoolean(text: string): boolean | undefined {
  const lower = text.toLowerCase();
  return Object.hasOwn(BOOLEANS, lower) ? BOOLEANS[lower] : undefined;
}
