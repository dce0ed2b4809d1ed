import { Counted, Gauge, Timed } from '@afstatsd/decorators';
import type { StatsdClient } from '@afstatsd/core';
import { type Arrangement, REFERENCE, stacked, stackedOnClass } from './arrangement.js';
import { FAILED, REACHED } from './requests.js';

type Statsd = Pick<StatsdClient, 'gauge' | 'increment' | 'timing' | 'updateStats'>;
type Counts = Readonly<Record<string, number>>;

/** One way to put decorators into the application. */
export interface Placement {
  readonly title: string;
  readonly arrange: (statsd: Statsd) => Arrangement;
  /** What arrives, by type and name. */
  readonly metrics: Counts;
}

function named(type: string, counts: Counts, suffix = ''): Counts {
  return Object.fromEntries(
    Object.entries(counts).map(([name, count]) => [`${type} ${name}${suffix}`, count]),
  );
}

function without(counts: Counts, ...names: readonly string[]): Counts {
  return Object.fromEntries(Object.entries(counts).filter(([name]) => !names.includes(name)));
}

/** No call is running any more when the application has been closed. */
function idle(counts: Counts): Counts {
  return named('gauge', Object.fromEntries(Object.keys(counts).map((name) => [name, 0])));
}

/** How often handlers, and Nest, call the service. */
const SERVICE: Counts = {
  'StockRoom.onModuleInit': 1,
  'StockRoom.onModuleDestroy': 1,
  'StockRoom.startingWith': 1,
  'StockRoom.find': 4,
  'StockRoom.put': 4,
  'StockRoom.take': 1,
};
/** A decorator on a class leaves alone what the class inherits. */
const OF_CLASSES = without(REACHED, 'Counting.total');

const timed = { ...named('timer', REACHED), ...named('counter', FAILED, '.errors') };
const timedClasses = { ...named('timer', OF_CLASSES), ...named('counter', FAILED, '.errors') };
const counted = named('counter', REACHED);

export const PLACEMENTS: readonly Placement[] = [
  {
    title: '@Timed above those of Nest',
    arrange: (statsd) => ({ ...REFERENCE, above: Timed({ statsd }) }),
    metrics: timed,
  },
  {
    title: '@Timed below those of Nest',
    arrange: (statsd) => ({ ...REFERENCE, below: Timed({ statsd }) }),
    metrics: timed,
  },
  {
    title: '@Counted above those of Nest',
    arrange: (statsd) => ({ ...REFERENCE, above: Counted({ statsd }) }),
    metrics: counted,
  },
  {
    title: '@Counted below those of Nest, for what fails',
    arrange: (statsd) => ({ ...REFERENCE, below: Counted({ statsd, on: 'failure' }) }),
    metrics: named('counter', FAILED),
  },
  {
    title: '@Gauge above those of Nest',
    arrange: (statsd) => ({ ...REFERENCE, above: Gauge({ statsd, inFlight: true }) }),
    metrics: idle(REACHED),
  },
  {
    title: '@Gauge below those of Nest',
    arrange: (statsd) => ({ ...REFERENCE, below: Gauge({ statsd, inFlight: true }) }),
    metrics: idle(REACHED),
  },
  {
    title: 'all three above those of Nest',
    arrange: (statsd) => ({
      ...REFERENCE,
      above: stacked(Timed({ statsd }), Counted({ statsd }), Gauge({ statsd, inFlight: true })),
    }),
    metrics: { ...timed, ...counted, ...idle(REACHED) },
  },
  {
    title: 'all three below those of Nest',
    arrange: (statsd) => ({
      ...REFERENCE,
      below: stacked(Gauge({ statsd, inFlight: true }), Timed({ statsd }), Counted({ statsd })),
    }),
    metrics: { ...timed, ...counted, ...idle(REACHED) },
  },
  {
    title: 'some above and some below those of Nest',
    arrange: (statsd) => ({
      ...REFERENCE,
      above: stacked(Timed({ statsd }), Gauge({ statsd, inFlight: true })),
      below: Counted({ statsd }),
    }),
    metrics: { ...timed, ...counted, ...idle(REACHED) },
  },
  {
    title: '@Timed on the class, above @Controller',
    arrange: (statsd) => ({ ...REFERENCE, onClass: { ...REFERENCE.onClass, above: Timed({ statsd }) } }),
    metrics: timedClasses,
  },
  {
    title: '@Timed on the class, below @Controller',
    arrange: (statsd) => ({ ...REFERENCE, onClass: { ...REFERENCE.onClass, below: Timed({ statsd }) } }),
    metrics: timedClasses,
  },
  {
    title: '@Timed on the handlers, which goes before that on the class',
    arrange: (statsd) => ({
      ...REFERENCE,
      above: Timed({ statsd }),
      onClass: { ...REFERENCE.onClass, above: Timed('of_class', { statsd }) },
    }),
    metrics: timed,
  },
  {
    title: '@Timed, @Counted and @Gauge on the class, on both sides of @Controller',
    arrange: (statsd) => ({
      ...REFERENCE,
      onClass: {
        above: stackedOnClass(Timed({ statsd }), Gauge({ statsd, inFlight: true })),
        below: Counted({ statsd }),
      },
    }),
    metrics: { ...timedClasses, ...named('counter', OF_CLASSES), ...idle(OF_CLASSES) },
  },
  {
    title: '@Timed above the @Injectable of a service',
    arrange: (statsd) => ({
      ...REFERENCE,
      onService: { ...REFERENCE.onService, above: Timed({ statsd }) },
    }),
    metrics: named('timer', SERVICE),
  },
  {
    title: '@Timed below the @Injectable of a service, and @Gauge on its getter',
    arrange: (statsd) => ({
      ...REFERENCE,
      onService: { ...REFERENCE.onService, below: Timed({ statsd }), getter: Gauge('stock', { statsd }) },
    }),
    // Read last while there were three items: four came, and one was taken.
    metrics: { ...named('timer', SERVICE), 'gauge stock': 3 },
  },
];
