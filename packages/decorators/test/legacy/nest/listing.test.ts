import { StatsdClient } from '@afstatsd/core';
import { Counted, Gauge, Timed, instrumentedMethods } from '@afstatsd/decorators';
import { expect } from 'chai';
import { type Arrangement, REFERENCE, stacked } from './arrangement.js';
import { makeBasket } from './basket.js';
import { makeItems } from './items.js';
import { makeStock } from './stock.js';

const HANDLERS = ['list', 'add', 'remove', 'brew', 'broken', 'old', 'find'];

describe("instrumentedMethods of Nest's classes", () => {
  const statsd = new StatsdClient({ transport: 'null:', handleSignals: false });
  after(() => statsd.shutdown());

  const list = (target: Function): string[] =>
    instrumentedMethods(target).map(
      ({ decorator, class: name, member }) => `${decorator} ${name}.${String(member)}`,
    );
  const onClass = { ...REFERENCE.onClass, above: Timed({ statsd }) };
  const around: Arrangement = {
    ...REFERENCE,
    above: stacked(Timed('items', { statsd }), Counted({ statsd })),
    below: Gauge({ statsd, inFlight: true }),
  };

  it("lists a controller's handlers, the innermost decorator first", () => {
    expect(list(makeItems(around))).to.deep.equal(
      HANDLERS.flatMap((name) => [`Gauge Items.${name}`, `Counted Items.${name}`, `Timed Items.${name}`]),
    );
  });

  it('tells the names of their metrics', () => {
    const onRemove = instrumentedMethods(makeItems(around)).filter(({ member }) => member === 'remove');
    expect(onRemove.flatMap(({ metrics }) => metrics)).to.deep.equal([
      { type: 'gauge', name: 'Items.remove' },
      { type: 'counter', name: 'Items.remove' },
      { type: 'timer', name: 'items' },
      { type: 'counter', name: 'items.errors' },
    ]);
  });

  it('lists all handlers of a controller that is decorated itself, and none that it inherits', () => {
    expect(list(makeItems({ ...REFERENCE, onClass }))).to.deep.equal(
      HANDLERS.map((name) => `Timed Items.${name}`),
    );
    expect(list(makeBasket({ ...REFERENCE, onClass }))).to.deep.equal([
      'Timed Basket.show',
      'Timed Basket.open',
    ]);
  });

  it('lists what a controller inherits, where that is decorated', () => {
    expect(list(makeBasket({ ...REFERENCE, above: Timed({ statsd }) }))).to.deep.equal([
      'Timed Basket.show',
      'Timed Basket.open',
      'Timed Counting.total',
    ]);
  });

  it('lists the methods of a service, lifecycle hooks included', () => {
    const onService = { ...REFERENCE.onService, below: Timed({ statsd }), getter: Gauge({ statsd }) };
    expect(list(makeStock({ onService }))).to.deep.equal([
      'Timed StockRoom.onModuleInit',
      'Timed StockRoom.onModuleDestroy',
      'Gauge StockRoom.size',
      'Timed StockRoom.find',
      'Timed StockRoom.startingWith',
      'Timed StockRoom.put',
      'Timed StockRoom.take',
    ]);
  });

  it('lists nothing of classes without decorators of ours', () => {
    expect([makeItems(REFERENCE), makeBasket(REFERENCE), makeStock(REFERENCE)].flatMap(list)).to.deep.equal(
      [],
    );
  });
});
