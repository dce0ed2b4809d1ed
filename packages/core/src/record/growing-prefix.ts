/** How many of the newest names are compared. */
const NEWEST = 1000;

/**
 * The prefix under which names grow fastest. It is the longest list of dot-separated segments with which more than half of the
 * newest names begin. Empty if they have no segment in common.
 *
 * @param names - names in order of their creation.
 */
export function growingPrefix(names: readonly string[]): string {
  const newest = names.slice(-NEWEST).map((name) => name.split('.'));
  const prefix: string[] = [];
  for (let group = newest; ;) {
    const bySegment = new Map<string, string[][]>();
    for (const segments of group) {
      const segment = segments[prefix.length];
      // The last segment is the metric's own name, not a prefix.
      if (segment === undefined || segments.length === prefix.length + 1) continue;
      const members = bySegment.get(segment);
      if (members === undefined) bySegment.set(segment, [segments]);
      else members.push(segments);
    }
    const [largest] = [...bySegment].sort((a, b) => b[1].length - a[1].length);
    if (largest === undefined || largest[1].length * 2 <= newest.length) return prefix.join('.');
    prefix.push(largest[0]);
    group = largest[1];
  }
}
