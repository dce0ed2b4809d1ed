import { AFTransport, Statsd } from '@afstatsd/core';

/** What is recorded by the round of that number, and flushed, whenever the parent sends a number, until it sends 'end'. */
export const ROUNDS: readonly Round[] = [
  { change: 5, level: 12.5, depth: -1 },
  { change: -12, level: -3.25, depth: 40 },
  { change: 1_000_000, level: 0.125, depth: -7 },
  { change: -999_999, level: 2.625, depth: -6.5 },
];
export const HITS = 500;
/** In ms. */
export const WAITS: readonly number[] = Array.from({ length: 25 }, (_, i) => 1.75 + i * 3.5);
export const USERS: readonly string[] = ['ann', 'bob', 'ann', 'zoë', 'a:b|c@d,e', '7'];

interface Round {
  readonly change: number;
  readonly level: number;
  readonly depth: number;
}

function record({ change, level, depth }: Round): void {
  for (let i = 0; i < HITS; i++) Statsd.increment('relay.hits');
  Statsd.updateStats('relay.balance', change);
  Statsd.decrement('relay.downs');
  for (const ms of WAITS) Statsd.timing('relay.wait', ms);
  Statsd.gauge('relay.level', -level);
  Statsd.gauge('relay.level', level);
  Statsd.gauge('relay.depth', depth);
  for (const user of USERS) Statsd.set('relay.users', user);
}

/** Arguments: the queue's name. The test imports this file, too, for what is recorded. */
function main(queue: string): void {
  Statsd.configure({
    transport: new AFTransport({ queue, fallback: false }),
    interval: Infinity,
    handleSignals: false,
  });
  process.on('message', (round: number | 'end') => {
    if (round === 'end') return process.disconnect();
    record(ROUNDS[round]!);
    void Statsd.flush({ timeout: 60_000 }).then(() => process.send!(Statsd.stats()));
  });
  // Not for ever, should the test be gone.
  process.on('disconnect', () => process.exit());
}

if (require.main === module) main(process.argv[2]!);
