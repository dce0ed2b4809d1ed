// What one call costs, in ns, ours and our peers' in the same run. `--json` prints the figures for machines.
import { setTimeout as delay } from 'node:timers/promises';
import { measure } from 'mitata';
import { hotPathCases } from './support/hot-path-cases.mjs';

const ROUNDS = 9;
const CPU_TIME = 80e6; // ns a case and round

const { cases, close } = await hotPathCases();
const samples = new Map(cases.map(({ id }) => [id, []]));
// Round by round, not case by case, so that a busy while of the machine doesn't fall on one case.
for (let round = 0; round < ROUNDS; round++) {
  for (const [at, { id, run }] of cases.entries()) {
    // mitata makes its loop from text. A length of its own gives each case a loop of its own, into which V8 inlines
    // the call as it does into an app's hot code; a loop that all cases share would measure that, too.
    const batch_samples = 4096 + 4 * at;
    const { p50 } = await measure(run, { gc: false, min_cpu_time: CPU_TIME, batch_samples });
    samples.get(id).push(p50);
    await delay(20); // for the datagrams that wait in the socket
  }
}
close();

// The quietest round: what else runs on the machine can only add to a time.
const ns = Object.fromEntries([...samples].map(([id, times]) => [id, Math.min(...times)]));
const node24 = Number(process.versions.node.split('.')[0]) >= 24;
const expectations = [
  atLeast('hot-shots increment / increment', 'hotShotsIncrement', 'increment', node24 ? 15 : 40),
  atLeast('prom-client inc({ label }) / increment', 'promInc', 'increment', 3),
  atLeast('prom-client bound child / bound counter', 'promChild', 'bound', 12),
  atLeast('hot-shots timing / timing', 'hotShotsTiming', 'timing', node24 ? 15 : 25),
  atLeast('hot-shots / increment, 2 tags, one object', 'hotShotsTagsConstant', 'tagsConstant', 10),
  atLeast('hot-shots / increment, 2 tags, new object', 'hotShotsTagsFresh', 'tagsFresh', 10),
  {
    what: 'increment, 2 tags, new object, ns',
    ratio: ns.tagsFresh,
    expected: 'at most 100',
    met: ns.tagsFresh <= 100,
  },
  atMost('bound counter / bare add', 'bound', 'bareAdd', 2),
];

function atLeast(what, above, below, limit) {
  const ratio = ns[above] / ns[below];
  return { what, ratio, expected: `at least ${limit}`, met: ratio >= limit };
}

function atMost(what, above, below, limit) {
  const ratio = ns[above] / ns[below];
  return { what, ratio, expected: `at most ${limit}`, met: ratio <= limit };
}

if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ node: process.version, ns, expectations }, null, 2));
} else {
  printTable();
}

function printTable() {
  console.log(
    `Node ${process.version}: ns a call, median of the quietest of ${ROUNDS} rounds; how many increments (1 name) that is`,
  );
  for (const { id, label } of cases) {
    const ratio = ns[id] / ns.increment;
    console.log(`${label.padEnd(56)}${ns[id].toFixed(1).padStart(8)}${ratio.toFixed(1).padStart(8)}`);
  }
  console.log('\nexpected');
  for (const { what, ratio, expected, met } of expectations) {
    console.log(
      `${met ? 'met    ' : 'NOT MET'} ${what.padEnd(44)}${ratio.toFixed(1).padStart(7)}, ${expected}`,
    );
  }
}
