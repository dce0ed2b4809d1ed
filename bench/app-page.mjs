// The page of an app without a collector, `prometheusPage`, beside prom-client: 1,000 counters with two labels and 100 timers with ten
// bounds, a tenth of them recorded since the page before. In one process, and in a cluster of a primary and two workers. Each way has
// processes of its own, and they take turns.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { compared, printExpectations } from './support/report.mjs';
import { median } from './support/statistics.mjs';

const ROUNDS = 40;
const WARM_UP = 15;
const program = fileURLToPath(new URL('support/app-page-subject.mjs', import.meta.url));
const LABELS = { single: 'one process', cluster: 'a primary and two workers' };

const least = (list, key) => Math.min(...list.map((one) => one[key]));
const comparisons = [];
for (const mode of Object.keys(LABELS)) {
  const children = {};
  for (const way of ['ours', 'prom-client']) {
    children[way] = fork(program, [way, mode], { execArgv: ['--expose-gc'] });
    await once(children[way], 'message');
  }
  const results = { ours: [], 'prom-client': [] };
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    for (const [way, child] of Object.entries(children)) {
      child.send('page');
      const [result] = await once(child, 'message');
      if (round >= WARM_UP) results[way].push(result);
    }
  }
  for (const child of Object.values(children)) child.disconnect();
  console.log(`\nNode ${process.version}, ${LABELS[mode]}: a page`);
  console.log(
    `${''.padEnd(14)}${['CPU ms', 'of the primary', 'wall ms, median', 'bytes'].map((one) => one.padStart(17)).join('')}`,
  );
  for (const [way, list] of Object.entries(results)) {
    const cells = [
      least(list, 'cpu').toFixed(2),
      least(list, 'own').toFixed(2),
      median(list.map(({ wall }) => wall)).toFixed(1),
      String(list[0].bytes),
    ];
    console.log(way.padEnd(14) + cells.map((cell) => cell.padStart(17)).join(''));
  }
  comparisons.push(
    compared(
      `${LABELS[mode]}: CPU of ours / prom-client`,
      least(results.ours, 'cpu') / least(results['prom-client'], 'cpu'),
    ),
  );
}
printExpectations(comparisons);
