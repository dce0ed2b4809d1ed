/** The content type in the headers that `writeHead` gets: an object, or a list of names and values in turn. */
export function contentTypeIn(headers: unknown): unknown {
  if (typeof headers !== 'object' || headers === null) return undefined;
  if (Array.isArray(headers)) {
    const at = headers.findIndex((name, i) => i % 2 === 0 && String(name).toLowerCase() === 'content-type');
    return at < 0 ? undefined : (headers as unknown[])[at + 1];
  }
  const given = headers as Readonly<Record<string, unknown>>;
  // Fastify writes the first form. Most people write one of the two.
  const usual = given['content-type'] ?? given['Content-Type'];
  if (usual !== undefined) return usual;
  for (const name of Object.keys(given)) {
    if (name.length === 12 && name.toLowerCase() === 'content-type') return given[name];
  }
  return undefined;
}
