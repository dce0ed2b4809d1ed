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
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { decode } from '@afstatsd/core';
import { openQueue, unlinkQueue } from '@afstatsd/mqueue';

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
 *
 * @typedef {object} Running
 * @property {import('node:child_process').ChildProcess} child
 * @property {(pattern: RegExp) => Promise<RegExpExecArray>} printed - waits until stdout has what the pattern says.
 */

/**
 * Runs `examples/NAME` to its end.
 *
 * @param {string} name
 * @param {Options} [options]
 * @returns {Promise<Ended>}
 */
export function runExample(name, options = {}) {
  return run(name, options, ({ ended }) => ended);
}

/**
 * Runs an example that serves: calls `use` when it has printed its URL, and sends it SIGTERM when the promise of that is
 * settled.
 *
 * @param {string} name
 * @param {Options} options - with `env: { PORT: '0' }`, as a rule.
 * @param {(url: string, running: Running) => unknown} use
 * @returns {Promise<Ended>} Rejects if `use` does.
 */
export function runServer(name, options, use) {
  return run(name, options, async ({ child, ended, printed }) => {
    const [url] = await printed(/http:\/\/\S+(?=\s)/);
    await use(url, { child, printed });
    child.kill('SIGTERM');
    return ended;
  });
}

/**
 * @param {Iterable<string | Uint8Array>} messages
 * @returns {Tally}
 */
function tally(messages) {
  const made = { counters: {}, gauges: {}, timers: {}, sets: {} };
  for (const message of messages) {
    const { metrics, bad } = decode(message);
    if (bad.length > 0) throw new Error(`not readable: ${bad.join(' ')}`);
    for (const metric of metrics) add(made, metric);
  }
  return made;
}

function add({ counters, gauges, timers, sets }, metric) {
  const tags = (metric.tags ?? []).map(([key, value]) => `${key}:${value}`);
  const name = [metric.name, ...(tags.length > 0 ? [tags.join()] : [])].join('#');
  switch (metric.type) {
    case 'counter':
      counters[name] = (counters[name] ?? 0) + metric.value / metric.rate;
      break;
    case 'gauge':
      gauges[name] = metric.value;
      break;
    case 'timer':
      timers[name] = (timers[name] ?? 0) + metric.values.length / metric.rate;
      break;
    default:
      sets[name] = new Set([...(sets[name] ?? []), ...metric.members]);
  }
}

async function run(name, { env = {}, args = [], url }, use) {
  const queue = url === undefined ? new TestQueue() : undefined;
  // It holds ten messages, so it is read all the time.
  const reading = setInterval(() => queue?.read(), 5);
  const example = start(name, args, { ...env, AFSTATSD_URL: queue?.url ?? url ?? undefined });
  try {
    const { exit, stdout, stderr } = await use(example);
    queue?.read();
    const messages = queue?.messages ?? [];
    return { exit, stdout, stderr, arrived: tally(messages), messages };
  } finally {
    clearInterval(reading);
    queue?.remove();
    example.child.kill('SIGKILL');
    await example.ended;
  }
}

function start(name, args, env) {
  const program = join(import.meta.dirname, '../../../examples', name, 'dist/src/main.js');
  const inherited = Object.entries(process.env).filter(([key]) => !key.startsWith('AFSTATSD_'));
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A program that hangs fails its test by its exit, SIGKILL.
    timeout: 60_000,
    killSignal: 'SIGKILL',
  });
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr']) {
    child[stream].setEncoding('utf8').on('data', (chunk) => (output[stream] += chunk));
  }
  // After `close` its own children have let go of its output, too.
  const ended = once(child, 'close').then(([code, signal]) => ({ exit: code ?? signal, ...output }));

  function printed(pattern) {
    return new Promise((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(output.stdout);
        if (match !== null) resolve(match);
      };
      child.stdout.on('data', look);
      look();
      ended.then(
        ({ exit }) => reject(new Error(`${name} ended with ${exit} first: ${output.stderr}`)),
        reject,
      );
    });
  }
  return { child, ended, printed };
}

/** A queue under a name that no other test, and no collector, uses. */
class TestQueue {
  #name = `/afstatsd-test-${process.pid}-${randomBytes(4).toString('hex')}`;
  #queue = openQueue(this.#name, {
    access: 'read',
    create: { depth: 10, messageBytes: 2112, exclusive: true },
  });
  #into = Buffer.alloc(2112);
  messages = [];

  /** Without the fallback to UDP: what isn't in the queue has not arrived. */
  get url() {
    return `mq://${this.#name}?fallback=false`;
  }

  /** Takes what waits. */
  read() {
    for (let got; (got = this.#queue.receive(this.#into)) !== undefined;) {
      this.messages.push(this.#into.toString('utf8', 0, got.bytes));
    }
  }

  remove() {
    this.#queue.close();
    unlinkQueue(this.#name);
  }
}
