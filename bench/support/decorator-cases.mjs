// The calls that decorators.mjs times: without a decorator and with ours.
import { NullTransport, StatsdClient } from '@afstatsd/core';
import { Counted, Gauge, Timed } from '@afstatsd/decorators';
import { decorateLegacy, decorateStandard } from './decorate.mjs';
import * as subject from './decorator-subjects.mjs';

const { carts, cartsOfEightClasses } = subject;

/** One for all, as in an app, with default settings (an interval of 20 s). Its flushes cost nothing. */
const statsd = new StatsdClient({ transport: new NullTransport() });
const ours = (options) => ({ statsd, ...options });

/** Decorates a class's method in the legacy way, as most compilers still do by default. */
const legacy =
  (key, ...decorators) =>
  (Cart) =>
    decorateLegacy(Cart.prototype, key, ...decorators);
const standard =
  (key, ...decorators) =>
  (Cart) =>
    decorateStandard(Cart.prototype, key, ...decorators);

const adding = (id, label, decorate) => ({ id, label, run: subject.add(carts(decorate)) });
const saving = (id, label, decorate) => ({ id, label, run: subject.save(carts(decorate)) });
const listing = (id, label, decorate) => ({ id, label, run: subject.list(carts(decorate)) });

const syncCases = () => [
  adding('bare', 'a method'),
  { id: 'clocks', label: 'two clock reads around it', run: subject.addTimed(carts()) },
  adding('timed', "@Timed('name')", legacy('add', Timed('cart.add', ours()))),
  adding('timedDefault', '@Timed, default name', legacy('add', Timed(ours()))),
  adding('timedStandard', "@Timed('name'), standard", standard('add', Timed('cart.add', ours()))),
  adding('timedStandardDefault', '@Timed, default name, standard', standard('add', Timed(ours()))),
  adding('timedClass', '@Timed on the class', Timed(ours())),
  adding(
    'timedTags',
    '@Timed, 2 constant tags',
    legacy('add', Timed('cart.add', ours({ tags: { region: 'eu', tier: 'gold' } }))),
  ),
  adding(
    'timedTagsFunction',
    '@Timed, 2 tags from a function',
    legacy(
      'add',
      Timed('cart.add', ours({ tags: (cart, [quantity]) => ({ items: cart.items & 15, quantity }) })),
    ),
  ),
  adding('counted', '@Counted', legacy('add', Counted('cart.add', ours()))),
  adding(
    'countedSuccess',
    "@Counted({ on: 'success' })",
    legacy('add', Counted('cart.add', ours({ on: 'success' }))),
  ),
  adding('gauge', '@Gauge', legacy('add', Gauge('cart.items', ours()))),
  adding(
    'gaugeInFlight',
    '@Gauge({ inFlight: true })',
    legacy('add', Gauge('cart.adding', ours({ inFlight: true }))),
  ),
  adding(
    'timedCounted',
    '@Timed and @Counted',
    legacy('add', Timed('cart.add', ours()), Counted('cart.add.calls', ours())),
  ),
];

/** As in an app where a place of the code calls whatever it gets, and V8 can't know which method that is. */
const eightClassesCases = () => [
  { id: 'bareEight', label: 'methods of 8 classes', run: subject.add(cartsOfEightClasses()) },
  {
    id: 'clocksEight',
    label: 'two clock reads around them',
    run: subject.addTimed(cartsOfEightClasses()),
  },
  {
    id: 'timedEight',
    label: '@Timed methods of 8 classes',
    run: subject.add(cartsOfEightClasses((Cart, at) => legacy('add', Timed(`cart${at}.add`, ours()))(Cart))),
  },
];

const asyncCases = () => [
  saving('bareAsync', 'an async method, awaited'),
  { id: 'clocksAsync', label: 'two clock reads around its call', run: subject.saveTimed(carts()) },
  {
    id: 'derivedAsync',
    label: 'the second one in a .then: with a derived promise',
    run: subject.saveDerived(carts()),
  },
  saving('timedAsync', '@Timed async method', legacy('save', Timed('cart.save', ours()))),
  saving('countedAsync', '@Counted async method', legacy('save', Counted('cart.save', ours()))),
  saving(
    'timedCountedAsync',
    '@Timed and @Counted async method',
    legacy('save', Timed('cart.save', ours()), Counted('cart.save.calls', ours())),
  ),
];

const generatorCases = () => [
  listing('bareGenerator', 'a generator of 10 items, run'),
  listing('timedGenerator', '@Timed generator of 10 items', legacy('list', Timed('cart.list', ours()))),
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
