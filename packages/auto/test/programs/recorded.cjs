// Has the shared client of a program keep what is recorded, and tells it.
const { isDeepStrictEqual } = require('node:util');
const { setTimeout: delay } = require('node:timers/promises');
const { MemoryTransport, Statsd } = require('@afstatsd/core');

const LONGEST_MS = 30_000;
const memory = new MemoryTransport();
Statsd.configure({ transport: memory, interval: Infinity });

const all = {};

/**
 * How often what was recorded under names that begin with a prefix, since the program began, as
 * `timer http.request get /users/:id 2xx`; nothing of the runtime.
 */
async function counts(prefix = '', pattern = /./) {
  await Statsd.flush();
  for (const { type, name, tags = [], value, values } of memory.metrics) {
    if (type === 'gauge' || !name.startsWith(prefix) || /^(nodejs|process)\./.test(name)) continue;
    const key = [type, name, ...tags.map(([, text]) => text)].join(' ');
    const more = type === 'timer' ? values.length : value;
    if (more > 0 && pattern.test(key)) all[key] = (all[key] ?? 0) + more;
  }
  memory.clear();
  return all;
}

/** Waits until exactly this was recorded. */
async function becomes(expected, prefix, pattern) {
  const end = performance.now() + LONGEST_MS;
  while (!isDeepStrictEqual(await counts(prefix, pattern), expected) && performance.now() < end)
    await delay(5);
}

/** Prints what was recorded, as JSON. */
async function print(prefix, pattern) {
  console.log(JSON.stringify(await counts(prefix, pattern)));
}

module.exports = { becomes, print };
