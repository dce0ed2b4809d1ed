// What one call costs, in ns, ours and our peers' in the same run. `--json` prints the figures for machines.
import { hotPathCases } from './support/hot-path-cases.mjs';
import { atLeast, atMost, report } from './support/report.mjs';
import { ROUNDS, quietestRounds } from './support/rounds.mjs';

const { cases, close } = await hotPathCases();
const ns = await quietestRounds(cases);
close();

const node24 = Number(process.versions.node.split('.')[0]) >= 24;
const expectations = [
  atLeast('hot-shots increment / increment', ns.hotShotsIncrement / ns.increment, node24 ? 15 : 40),
  atLeast('prom-client inc({ label }) / increment', ns.promInc / ns.increment, 3),
  atLeast('prom-client bound child / bound counter', ns.promChild / ns.bound, 12),
  atLeast('hot-shots timing / timing', ns.hotShotsTiming / ns.timing, node24 ? 15 : 25),
  atLeast('hot-shots / increment, 2 tags, one object', ns.hotShotsTagsConstant / ns.tagsConstant, 10),
  atLeast('hot-shots / increment, 2 tags, new object', ns.hotShotsTagsFresh / ns.tagsFresh, 10),
  atMost('increment, 2 tags, new object, ns', ns.tagsFresh, 100),
  atMost('bound counter / bare add', ns.bound / ns.bareAdd, 2),
];
report({
  title: `ns a call, median of the quietest of ${ROUNDS} rounds; how many increments (1 name) that is`,
  cases,
  ns,
  beside: (id) => ns[id] / ns.increment,
  expectations,
});
