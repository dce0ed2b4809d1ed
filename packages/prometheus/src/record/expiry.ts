import { MAX_DELAY_MS, parseDuration } from '@afstatsd/core/instrument';

/** A repeated gauge is removed after this many missed repeats. That is after 5 min, because our clients repeat each minute. */
export const MISSED_REPEATS = 5;

const KINDS = ['counter', 'gauge', 'timer', 'set'] as const;

/** The kinds of metrics that can expire. DogStatsD's histograms and distributions are timers. */
export type ExpiringKind = (typeof KINDS)[number];

/** One word of `--expire`: the time without a sample after which metrics of a kind, or of all kinds, are removed. */
export interface Expiry {
  /** The kind. Absent for all kinds without a word of their own. */
  readonly kind?: ExpiringKind;
  /** The time without a sample, in ms. */
  readonly after: number;
}

/** The time, in ms, after which each kind is removed. An absent kind stays. */
export type ExpiryTimes = Readonly<Partial<Record<ExpiringKind, number>>>;

/** Reads `1h` or `gauge=5m`. @throws Error that says what the text must be. */
export function readExpiry(text: string): Expiry {
  const [, kind, time = ''] = /^(?:(\w+)=)?(.*)$/s.exec(text) ?? [];
  const after = parseDuration(time) ?? 0;
  const isKnown = kind === undefined || (KINDS as readonly string[]).includes(kind);
  if (!isKnown || after < 1 || after > MAX_DELAY_MS) {
    throw new Error(`a duration such as 1h, or one for a kind, such as gauge=5m (${KINDS.join(', ')})`);
  }
  return kind === undefined ? { after } : { kind: kind as ExpiringKind, after };
}

/**
 * The time of each kind. A word for one kind wins over a word for all kinds. The last of several words for the same kind wins.
 */
export function expiryTimes(expiries: readonly Expiry[]): ExpiryTimes {
  const times: Partial<Record<ExpiringKind, number>> = {};
  let general: number | undefined;
  for (const { kind, after } of expiries) {
    if (kind === undefined) general = after;
    else times[kind] = after;
  }
  if (general !== undefined) for (const kind of KINDS) times[kind] ??= general;
  return times;
}
