// What a catalogue costs a call: the same calls by hand and through the catalogue, in one process, in turns.
import { NullTransport, StatsdClient } from '@afstatsd/core';
import { defineMetrics } from '@afstatsd/core/catalogue';
import { atMost, report } from './support/report.mjs';
import { ROUNDS, quietestRounds } from './support/rounds.mjs';

const catalogue = defineMetrics({
  'shop.orders': { kind: 'counter', help: 'Orders.', tags: { method: ['card', 'cash'] } },
  'shop.hits': { kind: 'counter', help: 'Hits.' },
  'shop.checkout': { kind: 'timer', help: 'Checkouts.' },
});

const client = () => new StatsdClient({ transport: new NullTransport() });
const [byHand, typed] = [client(), catalogue.typed(client())];

/** The same calls of a client, under ids and labels of their own. */
function casesOf(statsd, id, label) {
  const bound = Array.from({ length: 8 }, () => statsd.createCounter('shop.hits'));
  const timer = statsd.createTimer('shop.checkout');
  let at = 0;
  return [
    { id: `${id}Increment`, label: `increment, ${label}`, run: () => statsd.increment('shop.hits') },
    {
      id: `${id}Tagged`,
      label: `increment, a tag, ${label}`,
      run: () => statsd.increment('shop.orders', { tags: { method: 'card' } }),
    },
    {
      id: `${id}Bound`,
      label: `bound counter, ${label}`,
      run: () => {
        at = (at + 1) & 7;
        bound[at].increment();
      },
    },
    { id: `${id}Timer`, label: `bound timer, ${label}`, run: () => timer.record(12) },
  ];
}

const cases = [...casesOf(byHand, 'hand', 'by hand'), ...casesOf(typed, 'typed', 'catalogue')];
for (const { run } of cases) for (let i = 0; i < 3000; i++) run();
const ns = await quietestRounds(cases);
report({
  title: `ns a call, median of the quietest of ${ROUNDS} rounds; how many times the call by hand that is`,
  cases,
  ns,
  beside: (id) => ns[id] / ns[id.replace('typed', 'hand')],
  expectations: ['Increment', 'Tagged', 'Bound', 'Timer'].map((call) =>
    atMost(`${call}, catalogue / by hand`, ns[`typed${call}`] / ns[`hand${call}`], 1.5),
  ),
});
