import type { Exemplar, TimerView } from '../metric/view.js';
import type { Channel } from '../transport/transport.js';
import { type ClientReport, LONGEST_REPORT } from '../wire/client-report.js';
import { exemplarsLine, sentExemplar } from '../wire/exemplars.js';
import type { Naming } from '../wire/format.js';

/** The most exemplars that wait to be sent. Each metric has at most one. */
const MOST_KEPT = 1_000;
/** How many exemplars a flush sends: the slowest ones. */
const MOST_SENT = 100;
/** How many exemplars a line has at first. If the line is too long for the transport, half as many are tried, and so on. */
const MOST_IN_A_LINE = 20;

/** Exemplars of timers whose values were handed to the transport. They wait here until they are sent to our collector. */
export class Exemplars {
  readonly #kept = new Map<TimerView, Exemplar>();

  get isEmpty(): boolean {
    return this.#kept.size === 0;
  }

  /** Keeps the exemplar of a metric that has left, unless a slower one of the same metric is kept. */
  note(view: TimerView, exemplar: Exemplar): void {
    const before = this.#kept.get(view);
    if (before === undefined ? this.#kept.size >= MOST_KEPT : before.value > exemplar.value) return;
    this.#kept.set(view, exemplar);
  }

  /**
   * Sends the slowest exemplars, and drops the others. If the transport has no room, the rest of the slowest waits for the next
   * flush. Returns whether a line was sent.
   */
  send(channel: Channel, report: ClientReport, naming: Naming): boolean {
    const left = [...this.#kept].sort(([, a], [, b]) => b.value - a.value).slice(0, MOST_SENT);
    this.#kept.clear();
    let most = MOST_IN_A_LINE;
    let isSent = false;
    while (left.length > 0) {
      const some = left.slice(0, most);
      const line = some.map(([view, exemplar]) => sentExemplar(view, exemplar, naming));
      const text = exemplarsLine(report, line);
      const state = text.length > LONGEST_REPORT ? 'oversize' : (channel.sendEvent?.(text) ?? 'unavailable');
      if (state === 'oversize' && line.length > 1) {
        most = Math.ceil(line.length / 2);
        continue;
      }
      if (state !== 'ok' && state !== 'oversize') break;
      isSent ||= state === 'ok';
      left.splice(0, some.length);
    }
    for (const [view, exemplar] of left) this.note(view, exemplar);
    return isSent;
  }
}
