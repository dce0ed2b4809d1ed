import { MAX_DELAY_MS, parseDuration } from '@afstatsd/core/instrument';

/** A gauge whose sender repeats it is gone once so many repeats haven't come: after 5 minutes, since our clients repeat each minute. */
export const MISSED_REPEATS = 5;

const KINDS = ['counter', 'gauge', 'timer', 'set'] as const;

/** The kinds of metrics that can be let go. DogStatsD's histograms and distributions are timers. */
export type ExpiringKind = (typeof KINDS)[number];

/** One word of `--expire`: metrics of a kind, or of all kinds, are let go after a time without a sample. */
export interface Expiry {
  /** Without a kind it is for all that aren't named elsewhere. */
  readonly kind?: ExpiringKind;
  /** In ms. */
  readonly after: number;
}

/** The time, in ms, after which each kind is let go. A kind that isn't there stays. */
export type ExpiryTimes = Readonly<Partial<Record<ExpiringKind, number>>>;

/** Reads `1h` or `gauge=5m`. @throws Error that says what it must be. */
export function readExpiry(text: string): Expiry {
  const [, kind, time = ''] = /^(?:(\w+)=)?(.*)$/s.exec(text) ?? [];
  const after = parseDuration(time) ?? 0;
  const isKnown = kind === undefined || (KINDS as readonly string[]).includes(kind);
  if (!isKnown || after < 1 || after > MAX_DELAY_MS) {
    throw new Error(`a duration such as 1h, or one for a kind, such as gauge=5m (${KINDS.join(', ')})`);
  }
  return kind === undefined ? { after } : { kind: kind as ExpiringKind, after };
}

/** The time of each kind. A word for one kind counts before a word for all kinds. Of several words for the same, the last one counts. */
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
