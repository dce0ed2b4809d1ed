const PREFIX = 'AFSTATSD_COLLECTOR_';
/** The variables that Kubernetes sets in all pods when there is a service called afstatsd-collector. They are no mistakes. */
const OF_KUBERNETES =
  /^(?:SERVICE_(?:HOST|PORT(?:_\w+)?)|PORT(?:_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)?)$/;
/** The most edits between two similar names, in letters. For a short name, half of its letters is the limit. */
const MAX_DISTANCE = 3;

/** A line for each environment variable that begins with our prefix and isn't in `known`. */
export function misspeltVariables(env: NodeJS.ProcessEnv, known: readonly string[]): string[] {
  return Object.keys(env)
    .filter((name) => name.startsWith(PREFIX) && !known.includes(name))
    .filter((name) => !OF_KUBERNETES.test(name.slice(PREFIX.length)))
    .map((name) => `there is no variable ${name}${suggestion(name, known, PREFIX)}; it is ignored`);
}

/** ` (did you mean …?)` if a known name is similar, else an empty text. The prefix isn't compared, because all names have it. */
export function suggestion(name: string, known: readonly string[], prefix = ''): string {
  const rest = name.slice(prefix.length);
  const most = Math.min(MAX_DISTANCE, Math.ceil(rest.length / 2));
  const near = known
    .map((one) => ({ one, far: distance(rest, one.slice(prefix.length)) }))
    .filter(({ far }) => far <= most)
    .sort((a, b) => a.far - b.far);
  return near[0] === undefined ? '' : ` (did you mean ${near[0].one}?)`;
}

/** The number of letters to change, to leave out or to put in (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = row[j - 1]! + Number(a[i - 1] !== b[j - 1]);
      next.push(Math.min(changed, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
