/** A copy of up to so many bytes is quicker byte by byte than by a call. */
export const SHORT_COPY_BYTES = 120;

/**
 * Copies bytes to a place where there is room for them.
 *
 * @returns Where they end.
 */
export function copyBytes(from: Buffer, start: number, end: number, into: Buffer, at: number): number {
  let to = at;
  if (end - start > SHORT_COPY_BYTES) return at + from.copy(into, at, start, end);
  for (let i = start; i < end; i++) into[to++] = from[i]!;
  return to;
}
