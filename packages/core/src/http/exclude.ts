/**
 * Whether a URL's path is one of these: exactly, below one that ends in `/*`, or by a regular expression.
 *
 * @param paths - each begins with a slash, or is a regular expression.
 */
export function excluding(paths: readonly (RegExp | string)[]): (url: string) => boolean {
  const strings = paths.filter((path) => typeof path === 'string');
  const exact = new Set(strings.filter((path) => !path.endsWith('/*')));
  const below = strings.filter((path) => path.endsWith('/*')).map((path) => path.slice(0, -1));
  // Without the flags that would make one remember where it was.
  const patterns = paths
    .filter((path) => path instanceof RegExp)
    .map((path) => new RegExp(path.source, path.flags.replaceAll(/[gy]/g, '')));
  return (url) => {
    const query = url.indexOf('?');
    const path = query < 0 ? url : url.slice(0, query);
    return (
      exact.has(path) ||
      below.some((prefix) => path.startsWith(prefix)) ||
      patterns.some((pattern) => pattern.test(path))
    );
  };
}
