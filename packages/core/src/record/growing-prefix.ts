/** How many of the newest names are looked at. */
const NEWEST = 1000;

/**
 * The prefix under which names grow fastest: of the newest names, the longest run of dot-separated segments that
 * more than half of them begin with. Empty when they have nothing in common.
 *
 * @param names - in order of their creation.
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
