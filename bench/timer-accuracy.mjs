// What a receiver sees of a timer with a million values in one interval, against the values themselves.
import { MemoryTransport, StatsdClient } from '@afstatsd/core';

const COUNT = 1_000_000;
/** Largest error in %, by what is looked at. */
const LIMITS = { count: 0, min: 0, max: 0, mean: 1, p50: 2, p95: 2, p99: 6 };

const normal = () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
const lognormal = (sigma) => () => 10 * Math.exp(sigma * normal());
const pareto = (alpha) => () => 5 / (1 - Math.random()) ** (1 / alpha);

/** Durations in ms. The index is of use where one value stands out. */
const DISTRIBUTIONS = {
  'uniform, 1 to 100': () => 1 + 99 * Math.random(),
  'lognormal, sigma 0.5': lognormal(0.5),
  'lognormal, sigma 1': lognormal(1),
  'lognormal, sigma 1.5': lognormal(1.5),
  'bimodal, 2 and 200': () => (Math.random() < 0.7 ? 2 : 200) * Math.exp(0.1 * normal()),
  'exponential, mean 20': () => -20 * Math.log(1 - Math.random()),
  'Pareto, alpha 1.5': pareto(1.5),
  'Pareto, alpha 2.5': pareto(2.5),
  'constant, 12.5': () => 12.5,
  'about 10, one of 60,000': (index) => (index === COUNT / 2 ? 60_000 : 10 * Math.exp(0.2 * normal())),
};

/** Sends the values as one timer, and returns what came: each value, and how many calls it stands for. */
async function sendAndReceive(values) {
  const memory = new MemoryTransport({ maxMessageBytes: 2048 });
  const statsd = new StatsdClient({ transport: memory });
  for (const value of values) statsd.timing('latency', value);
  await statsd.shutdown();
  return memory.metrics.flatMap(({ values, rate }) => values.map((value) => ({ value, weight: 1 / rate })));
}

function summary(samples) {
  samples.sort((a, b) => a.value - b.value);
  let count = 0;
  let sum = 0;
  for (const { value, weight } of samples) {
    count += weight;
    sum += value * weight;
  }
  const quantile = (q) => {
    let rank = 0;
    for (const { value, weight } of samples) if ((rank += weight) >= q * count) return value;
    return samples.at(-1).value;
  };
  return {
    count: Math.round(count),
    min: samples[0].value,
    max: samples.at(-1).value,
    mean: sum / count,
    p50: quantile(0.5),
    p95: quantile(0.95),
    p99: quantile(0.99),
  };
}

/** Error in %. What is exact has none, also where it is 0. */
const error = (seen, exact) => (seen === exact ? 0 : 100 * Math.abs(seen / exact - 1));
const errors = (seen, exact) =>
  Object.fromEntries(Object.keys(LIMITS).map((key) => [key, error(seen[key], exact[key])]));

const cells = (row) =>
  Object.keys(LIMITS)
    .map((key) => row[key].toFixed(2).padStart(8))
    .join('');

/** The format carries three decimals: compared with values of so many, minimum and maximum can be exact. */
const toMicroseconds = (ms) => Math.round(ms * 1000) / 1000;

console.log(`Node ${process.version}: errors in %, of ${COUNT.toLocaleString('en')} values a timer`);
console.log(
  ''.padEnd(28) +
    Object.keys(LIMITS)
      .map((key) => key.padStart(8))
      .join(''),
);
const worst = Object.fromEntries(Object.keys(LIMITS).map((key) => [key, 0]));
const unweighted = [];
for (const [title, draw] of Object.entries(DISTRIBUTIONS)) {
  const values = Float64Array.from({ length: COUNT }, (_, i) => toMicroseconds(draw(i)));
  const received = await sendAndReceive(values);
  const exact = summary(Array.from(values, (value) => ({ value, weight: 1 })));
  const seen = errors(summary(received), exact);
  for (const key of Object.keys(LIMITS)) worst[key] = Math.max(worst[key], seen[key]);
  console.log(title.padEnd(28) + cells(seen));
  unweighted.push([title, errors(summary(received.map(({ value }) => ({ value, weight: 1 }))), exact)]);
}

console.log('\nat a receiver that ignores sample rates (its count is the number of values that were sent)');
for (const [title, seen] of unweighted) console.log(title.padEnd(28) + cells(seen));

console.log('\nexpected');
for (const [key, limit] of Object.entries(LIMITS)) {
  const met = worst[key] <= limit;
  console.log(
    `${met ? 'met    ' : 'NOT MET'} ${key.padEnd(6)} ${limit === 0 ? 'exact' : `within ${limit} %`}: ${worst[key].toFixed(2)} % at worst`,
  );
}
