/** A random integer from `low` to `high`. */
export function random(low: number, high: number): number {
  return low + Math.floor(Math.random() * (high - low + 1));
}

export function oneOf<T>(choices: readonly T[]): T {
  return choices[random(0, choices.length - 1)]!;
}
