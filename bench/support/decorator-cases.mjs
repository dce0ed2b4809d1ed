// The calls that decorators.mjs times: without a decorator and with ours.
import { NullTransport, StatsdClient } from '@afstatsd/core';
import { Counted, Gauge, Timed } from '@afstatsd/decorators';
import { decorateLegacy, decorateStandard } from './decorate.mjs';
import * as subject from './decorator-subjects.mjs';

const { carts, cartsOfEightClasses } = subject;

/** With default settings (aggregating, an interval of 20 s), and flushes that cost nothing. */
const statsd = () => new StatsdClient({ transport: new NullTransport() });

/** A function that decorates a class's method, in either way. */
const legacy = (key, decorators) => (Cart) => decorateLegacy(Cart.prototype, key, ...decorators);
const standard = (key, decorators) => (Cart) => decorateStandard(Cart.prototype, key, ...decorators);

/** A case that calls a method, decorated in the legacy way. */
const added = (id, label, ...decorators) => ({
  id,
  label,
  run: subject.add(carts(legacy('add', decorators))),
});

/** `bare` says what a case is compared with, by its id. */
const syncCases = () => [
  { id: 'bare', label: 'a method', run: subject.add(carts()) },
  { id: 'clocks', label: 'two clock reads around it', run: subject.addTimed(carts()) },
  added('timed', "@Timed('name')", Timed('cart.add', { statsd: statsd() })),
  added('timedDefault', '@Timed, default name', Timed({ statsd: statsd() })),
  {
    id: 'timedStandard',
    label: "@Timed('name'), standard",
    run: subject.add(carts(standard('add', [Timed('cart.add', { statsd: statsd() })]))),
  },
  {
    id: 'timedStandardDefault',
    label: '@Timed, default name, standard',
    run: subject.add(carts(standard('add', [Timed({ statsd: statsd() })]))),
  },
  {
    id: 'timedClass',
    label: '@Timed on the class',
    run: subject.add(carts((Cart) => void Timed({ statsd: statsd() })(Cart))),
  },
  added(
    'timedTags',
    '@Timed, 2 constant tags',
    Timed('cart.add', { statsd: statsd(), tags: { region: 'eu', tier: 'gold' } }),
  ),
  added(
    'timedTagsFunction',
    '@Timed, 2 tags from a function',
    Timed('cart.add', {
      statsd: statsd(),
      tags: (cart, [quantity]) => ({ items: cart.items & 15, quantity }),
    }),
  ),
  added('counted', '@Counted', Counted('cart.add', { statsd: statsd() })),
  added(
    'countedSuccess',
    "@Counted({ on: 'success' })",
    Counted('cart.add', { statsd: statsd(), on: 'success' }),
  ),
  added('gauge', '@Gauge', Gauge('cart.items', { statsd: statsd() })),
  added(
    'gaugeInFlight',
    '@Gauge({ inFlight: true })',
    Gauge('cart.adding', { statsd: statsd(), inFlight: true }),
  ),
  added(
    'timedCounted',
    '@Timed and @Counted',
    Timed('cart.add', { statsd: statsd() }),
    Counted('cart.add.calls', { statsd: statsd() }),
  ),
];

const eightClassesCases = () => [
  {
    id: 'bareEight',
    label: 'methods of 8 classes',
    bare: 'bareEight',
    run: subject.add(cartsOfEightClasses()),
  },
  {
    id: 'clocksEight',
    label: 'two clock reads around them',
    bare: 'bareEight',
    run: subject.addTimed(cartsOfEightClasses()),
  },
  {
    id: 'timedEight',
    label: '@Timed methods of 8 classes',
    bare: 'bareEight',
    run: subject.add(cartsOfEightClasses(legacy('add', [Timed({ statsd: statsd() })]))),
  },
];

const asyncCases = () => [
  { id: 'bareAsync', label: 'an async method, awaited', run: subject.save(carts()) },
  { id: 'clocksAsync', label: 'two clock reads around its call', run: subject.saveTimed(carts()) },
  {
    id: 'derivedAsync',
    label: 'the second one in a .then of it: a promise more',
    run: subject.saveDerived(carts()),
  },
  {
    id: 'timedAsync',
    label: '@Timed async method',
    run: subject.save(carts(legacy('save', [Timed('cart.save', { statsd: statsd() })]))),
  },
  {
    id: 'countedAsync',
    label: '@Counted async method',
    run: subject.save(carts(legacy('save', [Counted('cart.save', { statsd: statsd() })]))),
  },
];

const generatorCases = () => [
  { id: 'bareGenerator', label: 'a generator of 10 items, run', run: subject.list(carts()) },
  {
    id: 'timedGenerator',
    label: '@Timed generator of 10 items',
    run: subject.list(carts(legacy('list', [Timed('cart.list', { statsd: statsd() })]))),
  },
];

/** @returns `{ id, label, bare, run }` each; `bare` is the id of the same call without a decorator. */
export function decoratorCases() {
  const against = (bare, cases) => cases.map((one) => ({ ...one, bare }));
  return [
    ...against('bare', syncCases()),
    ...against('bareEight', eightClassesCases()),
    ...against('bareAsync', asyncCases()),
    ...against('bareGenerator', generatorCases()),
  ];
}
