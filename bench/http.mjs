// What recording a request adds to its CPU time, in µs, in Express 5 and Fastify 5: ours, timers by hand, and our peers.
// `inject`: requests that light-my-request makes up; `loopback`: of another process, over kept connections.
// OpenTelemetry records only the latter. `--json` prints the figures for machines.
import { httpCases } from './support/http-cases.mjs';
import { generationsOf } from './support/http-processes.mjs';
import { atMost, printExpectations } from './support/report.mjs';
import { median, quantile } from './support/statistics.mjs';

const WAYS = ['inject', 'loopback'];
const EFFORT = { generations: 9, rounds: 50, requests: 96, warmUp: 6000 };

/** Less than this, in µs, can't be told from nothing: a peer that adds less counts as adding this. */
const RESOLUTION = 0.5;

const figures = {};
for (const way of WAYS) {
  const cases = httpCases.filter(({ onlyLoopback = false }) => way === 'loopback' || !onlyLoopback);
  const ids = cases.map(({ id }) => id);
  const generations = await generationsOf(way, ids, EFFORT);
  figures[way] = Object.fromEntries(cases.map((one) => [one.id, figuresOf(one, generations)]));
}

/** What else runs on the machine only adds to a time: of a process, the rounds count that a tenth are quicker than. */
function figuresOf({ id, bare }, generations) {
  const cpu = generations.map((us) => quantile(us[id], 0.1));
  if (bare === undefined) return { cpu: median(cpu) };
  const over = cpu.map((time, at) => time - quantile(generations[at][bare], 0.1));
  return { cpu: median(cpu), over: median(over), from: quantile(over, 0.25), to: quantile(over, 0.75) };
}

const expectations = WAYS.flatMap((way) => [
  ratio(way, 'expressOurs', 'expressTiming', 1.5),
  ratio(way, 'expressOurs', 'promBundle', 0.25),
  ratio(way, 'expressOurs', 'expressOtel', 0.25),
  ratio(way, 'fastifyOurs', 'fastifyTiming', 1.5),
  ratio(way, 'fastifyOurs', 'fastifyMetrics', 0.25),
  ratio(way, 'fastifyOurs', 'fastifyOtel', 0.25),
]).filter((expectation) => expectation !== undefined);

/** Of what two cases add. */
function ratio(way, ours, theirs, limit) {
  const all = figures[way];
  if (all[theirs] === undefined) return undefined;
  const labelOf = (id) => httpCases.find((one) => one.id === id).label;
  return atMost(
    `${way}: ${labelOf(ours)} / ${labelOf(theirs)}`,
    all[ours].over / Math.max(all[theirs].over, RESOLUTION),
    limit,
  );
}

if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ node: process.version, us: figures, expectations }, null, 2));
} else {
  console.log(
    `Node ${process.version}: µs of CPU a request; over the bare framework, median and middle half`,
  );
  console.log(`${''.padEnd(34)}${WAYS.map((way) => way.padStart(16).padEnd(32)).join('')}`);
  for (const { id, label } of httpCases) {
    console.log(label.padEnd(34) + WAYS.map((way) => columns(figures[way][id])).join(''));
  }
  printExpectations(expectations);
}

function columns(figure) {
  if (figure === undefined) return ' '.repeat(32);
  const { cpu, over, from, to } = figure;
  const added = over === undefined ? '' : `${fixed(over)} (${from.toFixed(1)} to ${to.toFixed(1)})`;
  return `${fixed(cpu)}${added}`.padEnd(32);
}

function fixed(us) {
  return us.toFixed(1).padStart(8);
}
