export interface Range {
  readonly from: number;
  /** The first number that isn't in it. */
  readonly to: number;
}

export function countPrimes({ from, to }: Range): number {
  let count = 0;
  for (let n = Math.max(2, from); n < to; n++) if (isPrime(n)) count++;
  return count;
}

function isPrime(n: number): boolean {
  for (let divisor = 2; divisor * divisor <= n; divisor++) if (n % divisor === 0) return false;
  return true;
}
