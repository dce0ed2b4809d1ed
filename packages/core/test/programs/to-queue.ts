import { AFTransport, Statsd, type StatsdOptions } from '../../src/index.js';

/** The test's queue, and what else the test says. */
export const queue: string = process.argv[2] ?? '';
export const said: unknown = JSON.parse(process.argv[3] ?? '{}');

export function sendToQueue(options: StatsdOptions = {}): void {
  Statsd.configure({ transport: new AFTransport({ queue, fallback: false }), ...options });
}

/** Samples of each kind, aggregated ones among them: what `expectAll` looks for. */
export function recordAll(): void {
  Statsd.increment(['hits', 'hits', 'hits']);
  Statsd.gauge('level', 1);
  Statsd.gauge('level', 7);
  Statsd.gauge('read', () => 9);
  Statsd.timing('wait', 12);
  Statsd.timing('wait', 30);
  Statsd.set('users', 'ann');
  Statsd.set('users', 'bob');
}

/** Keeps the process, but not for ever, should the test be gone. */
export function stay(): void {
  setTimeout(() => {}, 60_000);
}
