/** Something in the code of an app that is worth a look. Our collector shows it on its page. */
export interface Finding {
  /**
   * `growth`: the tags of a metric have ever more values. `calls`: a thing ran often in one request. `blocking`: where a function
   * was given whose hold on the event loop is measured.
   */
  readonly kind: 'growth' | 'calls' | 'blocking';
  /** The metric that it is about; of `calls`, the timer of the thing. */
  readonly metric: string;
  /** Of `calls`, the route of the request; else empty. */
  readonly route: string;
  /** A line for people; empty where there is nothing to say but the place. */
  readonly text: string;
  /** File, line and column of the app's code; empty where that isn't known. */
  readonly place: string;
}

/** The latest ones are kept. */
const MAX_FINDINGS = 20;
/** Of each text, in characters. Receivers refuse longer ones. */
const MAX_TEXT = 300;

/** The findings of a client in its app's code. Each metric and route has at most one of each kind. */
export class Findings {
  readonly #found = new Map<string, Finding>();

  /** Notes a finding. It replaces an earlier one of the same kind, metric and route. */
  add(finding: Finding): void {
    const key = `${finding.kind} ${finding.metric} ${finding.route}`;
    this.#found.delete(key);
    const { kind, metric, route, text, place } = finding;
    this.#found.set(key, {
      kind,
      metric: metric.slice(0, MAX_TEXT),
      route: route.slice(0, MAX_TEXT),
      text: text.slice(0, MAX_TEXT),
      place: place.slice(-MAX_TEXT), // the end has file and line
    });
    if (this.#found.size > MAX_FINDINGS) this.#found.delete(this.#found.keys().next().value!);
  }

  /**
   * The latest ones, so many as fit.
   *
   * @param room - how many characters their texts may have together.
   */
  latest(room: number): readonly Finding[] {
    const chosen: Finding[] = [];
    let left = room;
    for (const finding of [...this.#found.values()].reverse()) {
      left -= Object.values(finding).join('').length;
      if (left < 0) break;
      chosen.push(finding);
    }
    return chosen;
  }
}
