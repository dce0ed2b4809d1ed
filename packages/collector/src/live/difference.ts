const SINGLE_DIGITS = 7;
/** The most decimals that `toFixed` takes. */
const MOST_DECIMALS = 100;

/** The sum of a base and a difference of single precision, without the digits that single precision doesn't have. */
export function withDifference(base: number, difference: number): number {
  if (difference === 0 || !Number.isFinite(difference)) return base + difference;
  const decimals = SINGLE_DIGITS - 1 - Math.floor(Math.log10(Math.abs(difference)));
  const value = base + difference;
  if (decimals >= 0) return decimals > MOST_DECIMALS ? value : Number(value.toFixed(decimals));
  return Math.round(value / 10 ** -decimals) * 10 ** -decimals;
}
