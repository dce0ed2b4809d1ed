/** The content type in the headers that `writeHead` gets: an object, or a list of names and values in turn. */
export function contentTypeIn(headers: unknown): unknown {
  if (typeof headers !== 'object' || headers === null) return undefined;
  if (Array.isArray(headers)) {
    const at = headers.findIndex((name, i) => i % 2 === 0 && String(name).toLowerCase() === 'content-type');
    return at < 0 ? undefined : (headers as unknown[])[at + 1];
  }
  for (const [name, value] of Object.entries(headers))
    if (name.toLowerCase() === 'content-type') return value;
  return undefined;
}
