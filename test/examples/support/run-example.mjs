// Runs an example as people run it: a process of its own, with a real message queue in the collector's place.
//
//   const { exit, stdout, arrived } = await runExample('direct');
//
//   const { arrived } = await runServer('express', { env: { PORT: '0' } }, async (url) => {
//     await fetch(`${url}/orders/7`);
//   });
//
//   const { stdout } = await runExample('udp', { url: `udp://127.0.0.1:${port}?format=dogstatsd` });
//
// The process has ended, and the queue is gone, when they settle, also if they reject.
import { join } from 'node:path';
import { Program, TestQueue, Totals } from '@afstatsd/testing';

/**
 * @typedef {object} Options
 * @property {Record<string, string>} [env] - added to an environment without variables of afstatsd.
 * @property {string[]} [args]
 * @property {string | null} [url] - for AFSTATSD_URL, in the place of a queue; `arrived` is empty then. Null: none, for an
 *   example that sends nowhere by itself.
 *
 * @typedef {object} Tally - what messages say together, by name. Tags follow the name, if the format has them: `orders#method:card`.
 * @property {Record<string, number>} counters - sums.
 * @property {Record<string, number>} gauges - last values.
 * @property {Record<string, number>} timers - how many calls.
 * @property {Record<string, Set<string>>} sets - distinct members.
 *
 * @typedef {object} Ended
 * @property {number | string} exit - the exit code, or the signal that ended the process.
 * @property {string} stdout
 * @property {string} stderr
 * @property {Tally} arrived
 * @property {string[]} messages - what `arrived` was made of.
 */

/**
 * Runs `examples/NAME` to its end.
 *
 * @param {string} name
 * @param {Options} [options]
 * @returns {Promise<Ended>}
 */
export function runExample(name, options = {}) {
  return run(name, options, () => {});
}

/**
 * Runs an example that serves: calls `use` when it has printed its URL, and sends it SIGTERM when the promise of that is
 * settled.
 *
 * @param {string} name
 * @param {Options} options - with `env: { PORT: '0' }`, as a rule.
 * @param {(url: string, program: Program) => unknown} use
 * @returns {Promise<Ended>} Rejects if `use` does.
 */
export function runServer(name, options, use) {
  return run(name, options, async (program) => {
    const [url] = await program.matched(/http:\/\/\S+(?=\s)/);
    await use(url, program);
    program.child.kill('SIGTERM');
  });
}

async function run(name, { env = {}, args = [], url }, use) {
  const file = join(import.meta.dirname, '../../../examples', name, 'dist/src/main.js');
  const queue = url === undefined ? new TestQueue() : undefined;
  const messages = [];
  const read = () => {
    for (const { text } of queue?.readAll() ?? []) messages.push(text);
  };
  // It holds ten messages, so it is read all the time.
  const reading = setInterval(read, 5);
  const program = new Program(process.execPath, [file, ...args], {
    env: { ...env, AFSTATSD_URL: queue?.url ?? url ?? undefined },
  });
  try {
    await use(program);
    const { code, signal, stdout, stderr } = await program.ended();
    read();
    return { exit: code ?? signal, stdout, stderr, arrived: tally(messages), messages };
  } finally {
    clearInterval(reading);
    await program.remove();
    queue?.remove();
  }
}

/**
 * @param {Iterable<string>} messages
 * @returns {Tally}
 */
function tally(messages) {
  const { counters, gauges, timers, sets } = Totals.of(messages);
  return {
    counters: Object.fromEntries(counters),
    gauges: Object.fromEntries(gauges),
    timers: Object.fromEntries([...timers].map(([name, { count }]) => [name, count])),
    sets: Object.fromEntries(sets),
  };
}
