/**
 * The next state of a histogram's buckets, none of which may fall, and all of which are whole: to Prometheus and OTLP a
 * bucket that falls is one that began anew. What was read falls now and then, since core spreads the values of its own
 * buckets over the bounds that cut through them, and it is fractional for sampled values.
 *
 * @param before - counts that were passed on before; their sum is at most `total`.
 * @param read - counts as they were read now.
 * @returns Counts as near to those that were read as the ones before allow; their sum is `total`.
 */
export function advance(before: readonly number[], read: readonly number[], total: number): number[] {
  const counts = [...before];
  let left = total - sum(before);
  for (let at = 0; at < counts.length; at++) {
    const more = Math.min(left, Math.max(0, Math.round(read[at]!) - counts[at]!));
    counts[at]! += more;
    left -= more;
  }
  if (left > 0) counts[read.indexOf(Math.max(...read))]! += left; // what rounding has left
  return counts;
}

function sum(counts: readonly number[]): number {
  let result = 0;
  for (const count of counts) result += count;
  return result;
}
