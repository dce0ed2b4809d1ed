/** Up to this many bytes, copying byte by byte is quicker than a call. */
export const SHORT_COPY_BYTES = 120;

/**
 * Copies bytes to a place where there is room for them.
 *
 * @returns The end of the copy.
 */
export function copyBytes(from: Buffer, start: number, end: number, into: Buffer, at: number): number {
  let to = at;
  if (end - start > SHORT_COPY_BYTES) return at + from.copy(into, at, start, end);
  for (let i = start; i < end; i++) into[to++] = from[i]!;
  return to;
}
