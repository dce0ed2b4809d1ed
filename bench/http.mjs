// What recording a request adds to its time, in µs, in Express 5 and Fastify 5: ours, timers by hand, and our peers. Koa and Hono are
// measured if they are asked for.
// `in process`: requests on Node's own parser and classes, without a socket; `loopback`: of another process, over kept connections.
//
//   node bench/http.mjs [--json] [--short] [--in-process | --loopback] [express|fastify|koa|hono]
//   AFSTATSD_BENCH_BEFORE=DIR node bench/http.mjs    compares with the build in a checkout of another commit, too
import { httpCases as allCases } from './support/http-cases.mjs';
import { generationsOf } from './support/http-processes.mjs';
import { median, quantile } from './support/statistics.mjs';

const ALL_WAYS = { inProcess: 'in process', loopback: 'loopback' };
const asked = {
  inProcess: process.argv.includes('--in-process'),
  loopback: process.argv.includes('--loopback'),
};
const WAYS = Object.fromEntries(
  Object.entries(ALL_WAYS).filter(([way]) => asked[way] || !Object.values(asked).includes(true)),
);
const BY_DEFAULT = ['express', 'fastify'];
const only = [...BY_DEFAULT, 'koa', 'hono'].filter((framework) => process.argv.includes(framework));
const frameworks = only.length === 0 ? BY_DEFAULT : only;
const httpCases = allCases.filter(({ id, bare = id }) => frameworks.includes(bare));
const EFFORT = process.argv.includes('--short')
  ? { generations: 5, rounds: 60, requests: 48, warmUp: 10_000 }
  : { generations: 9, rounds: 100, requests: 48, warmUp: 20_000 };

/** Less than this, in µs, can't be told from nothing: a peer that adds less counts as adding this. */
const RESOLUTION = 0.5;

const ids = httpCases.map(({ id }) => id);
const figures = {};
for (const way of Object.keys(WAYS)) {
  const generations = await generationsOf(way, ids, EFFORT);
  figures[way] = Object.fromEntries(httpCases.map((one) => [one.id, figuresOf(one, generations)]));
}

/** What else runs on the machine only adds to a time: of a process, the rounds count that a tenth are quicker than. */
function figuresOf({ id, bare }, generations) {
  const time = generations.map((us) => quantile(us[id], 0.1));
  if (bare === undefined) return { time: median(time) };
  const over = time.map((one, at) => one - quantile(generations[at][bare], 0.1));
  return { time: median(time), over };
}

const comparisons = Object.keys(WAYS).flatMap((way) =>
  [
    ratio(way, 'expressAgain', 'expressOurs'),
    ratio(way, 'expressOurs', 'expressTags', 1.5),
    ratio(way, 'expressOurs', 'expressBefore', Number(process.versions.node.split('.')[0]) < 24 ? 0.4 : 0.7),
    ratio(way, 'expressOurs', 'promClient'),
    ratio(way, 'expressOurs', 'promBundle', 0.25),
    ratio(way, 'expressOurs', 'expressOtel', 0.25),
    ratio(way, 'fastifyAgain', 'fastifyOurs'),
    ratio(way, 'fastifyOurs', 'fastifyTags', 1.5),
    ratio(way, 'fastifyOurs', 'fastifyBefore'),
    ratio(way, 'fastifyOurs', 'fastifyMetrics', 0.25),
    ratio(way, 'fastifyOurs', 'fastifyOtel', 0.25),
    ratio(way, 'koaOurs', 'koaTags'),
    ratio(way, 'honoOurs', 'honoTags'),
  ].filter((one) => one !== undefined),
);

/** Of what two cases add, in each generation. The same case twice gives the noise. */
function ratio(way, ours, theirs, limit) {
  const all = figures[way];
  if (all[ours] === undefined || all[theirs] === undefined) return undefined;
  const labelOf = (id) => httpCases.find((one) => one.id === id).label;
  const added = (over) => Math.max(over, RESOLUTION);
  const middleHalf = (values) => [quantile(values, 0.25), median(values), quantile(values, 0.75)];
  const { over } = all[theirs];
  const [low, middle, high] = middleHalf(all[ours].over.map((us, at) => added(us) / added(over[at])));
  const difference = middleHalf(all[ours].over.map((us, at) => us - over[at]));
  const verdict = verdictOf(limit, low, high, median(over));
  return {
    what: `${WAYS[way]}: ${labelOf(ours)} / ${labelOf(theirs)}`,
    low,
    middle,
    high,
    difference,
    limit,
    verdict,
  };
}

function verdictOf(limit, low, high, theirs) {
  if (limit === undefined) return '';
  if (theirs < 2 * RESOLUTION) return 'no measure, because the other adds next to nothing';
  if (high <= limit) return 'met';
  return low > limit ? 'NOT MET' : 'within the noise';
}

if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ node: process.version, us: figures, comparisons }, null, 2));
} else {
  console.log(`Node ${process.version}: µs a request; over the bare framework, median and middle half`);
  console.log(
    ' '.repeat(34) +
      Object.values(WAYS)
        .map((way) => way.padStart(16).padEnd(32))
        .join(''),
  );
  for (const { id, label } of httpCases) {
    console.log(
      label.padEnd(34) +
        Object.keys(WAYS)
          .map((way) => columns(figures[way][id]))
          .join(''),
    );
  }
  console.log('\nratios of what is added, and differences in µs: median (middle half)');
  for (const { what, low, middle, high, difference, limit, verdict } of comparisons) {
    const expected = limit === undefined ? '' : `, at most ${limit}: ${verdict}`;
    console.log(
      `${what.padEnd(68)}${middle.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)}), ${signed(difference)}${expected}`,
    );
  }
}

function columns({ time, over }) {
  const spread = over && [median(over), quantile(over, 0.25), quantile(over, 0.75)];
  const added =
    spread === undefined ? '' : `${fixed(spread[0])} (${spread[1].toFixed(1)} to ${spread[2].toFixed(1)})`;
  return `${fixed(time)}${added}`.padEnd(32);
}

function signed([low, middle, high]) {
  return `${middle.toFixed(1)} (${low.toFixed(1)} to ${high.toFixed(1)})`;
}

function fixed(us) {
  return us.toFixed(1).padStart(8);
}
