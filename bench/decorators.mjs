// What a decorator adds to a method, in ns, ours and our peers' in the same run.
// `--json` prints the figures for machines.
import { decoratorCases } from './support/decorator-cases.mjs';
import { decoratorPeers } from './support/decorator-peers.mjs';
import { atMost, compared, report } from './support/report.mjs';
import { ROUNDS, quietestRounds } from './support/rounds.mjs';

const peers = await decoratorPeers();
const cases = [...decoratorCases(), ...peers.cases];
// All of them first, so that what they share is as varied for V8 as in an app that decorates many methods.
for (const { run } of cases) for (let i = 0; i < 3000; i++) await run();
const ns = await quietestRounds(cases);
await peers.close();

/** What a derived promise costs: without one, a side branch would change what becomes of a rejection. */
const promise = ns.derivedAsync - ns.clocksAsync;
const expectations = [
  atMost('@Timed / two clock reads and the call', ns.timed / ns.clocks, 1.3),
  atMost('@Timed, default name / the same', ns.timedDefault / ns.clocks, 1.3),
  atMost('@Timed, standard / the same', ns.timedStandard / ns.clocks, 1.3),
  atMost('@Timed, standard, default name / the same', ns.timedStandardDefault / ns.clocks, 1.3),
  atMost('@Timed, 8 classes / the same of 8 classes', ns.timedEight / ns.clocksEight, 1.3),
  atMost(
    '@Timed async, less a promise / two clock reads and the call',
    (ns.timedAsync - promise) / ns.clocksAsync,
    1.3,
  ),
  atMost('@Counted, ns over the bare call', ns.counted - ns.bare, 60),
  nearest('@Timed', 'timed', ['promTimed', 'hotShotsTimer']),
  nearest('@Timed async', 'timedAsync', ['promTimedAsync', 'hotShotsAsyncTimer']),
  nearest('@Counted', 'counted', ['otelCounter', 'promCounted']),
];

/** How many times as long as ours the fastest of our peers takes. */
function nearest(what, ours, theirs) {
  const present = cases.filter(({ id }) => theirs.includes(id));
  const { id, label } = present.reduce((best, one) => (ns[one.id] < ns[best.id] ? one : best));
  return compared(`${label} / ${what}`, ns[id] / ns[ours]);
}

const bareOf = new Map(cases.map(({ id, bare }) => [id, bare]));
report({
  title: `ns a call, median of the quietest of ${ROUNDS} rounds; how much that is over the bare call`,
  cases,
  ns,
  beside: (id) => (bareOf.get(id) === id ? undefined : ns[id] - ns[bareOf.get(id)]),
  expectations,
  notes: peers.notes,
});
