import { Gauge } from '../metric/gauge.js';
import type { Metric } from '../metric/metric.js';
import type { AggregateView } from '../metric/view.js';
import { ownText } from '../text/own.js';
import type { Tags } from '../text/tags.js';
import type { Decoded } from '../wire/decoded.js';
import type { Family } from './family.js';
import type { Intake } from './intake.js';
import type { Lookup } from './lookup.js';
import type { Registry } from './registry.js';
import type { Scope } from './scope.js';

type DecodedGauge = Extract<Decoded, { type: 'gauge' }>;

/** Records metrics that were read from messages of other clients, each with the weight of its sample rate. */
export class Ingest {
  readonly #registry: Registry;
  readonly #intake: Intake;
  readonly #repeat: (gauge: Gauge) => void;

  /** @param repeat - Called with a gauge that its client has repeated, if this process has sent the value already. */
  constructor(registry: Registry, intake: Intake, repeat: (gauge: Gauge) => void) {
    this.#registry = registry;
    this.#intake = intake;
    this.#repeat = repeat;
  }

  /** Returns the metric if this is its first sample, or its first after it was let go. */
  record(scope: Scope, metric: Decoded): AggregateView | undefined {
    const { counters, gauges, sets } = this.#registry;
    switch (metric.type) {
      case 'counter': {
        const delta = metric.value / metric.rate;
        const { samples = 1 } = metric;
        return this.#on(counters, scope, scope.counters, metric, delta, samples, (counter) => {
          const { calls } = counter;
          counter.add(delta);
          if (counter.calls > calls) counter.countCalls(samples - 1);
        });
      }
      case 'gauge': {
        const { value, samples = 1 } = metric;
        return this.#on(gauges, scope, scope.gauges, metric, value, samples, (gauge) => {
          const { calls } = gauge;
          this.#setGauge(gauge, metric);
          if (gauge.calls > calls) gauge.countCalls(samples - 1);
        });
      }
      case 'timer': {
        const { values, as } = metric;
        const weight = 1 / metric.rate;
        const kinds = as === undefined ? 'timers' : (`${as}s` as const);
        return this.#on(
          this.#registry[kinds],
          scope,
          scope[kinds],
          metric,
          values[0],
          values.length,
          (timer) => {
            for (const ms of values) timer.recordWeighted(ms, weight);
          },
        );
      }
      case 'set': {
        const { members } = metric;
        return this.#on(sets, scope, scope.sets, metric, members[0], members.length, (set) => {
          for (const member of members) set.add(set.has(member) ? member : ownText(member));
        });
      }
    }
  }

  #setGauge(gauge: Gauge, { value, signed, change, timestamp, every = 0 }: DecodedGauge): void {
    const time = timestamp === undefined ? undefined : timestamp * 1000;
    if (change !== undefined && Gauge.accepts(change)) gauge.changeBy(change, value);
    else if (signed === true) gauge.set(gauge.value + value);
    else if (every > 0 && gauge.calls === 0 && gauge.time === time && gauge.value === value) {
      // A repeated value is news only to our own collector.
      gauge.repeatEvery(every);
      this.#repeat(gauge);
    } else gauge.pass(value, time, every);
  }

  /** Records in a metric of the look-up. Most metrics came before with the same order of tags. Others go through the intake. */
  #on<M extends Metric>(
    family: Family<M>,
    scope: Scope,
    lookup: Lookup<M>,
    { name, tags }: Decoded,
    value: unknown,
    samples: number,
    record: (metric: M) => void,
  ): M | undefined {
    const known = tags === undefined ? lookup.byName.get(name) : lookup.byTagList(name, tags);
    if (known !== undefined) {
      const isBack = known.released;
      record(known);
      return isBack && !known.released ? known : undefined;
    }
    const options = tags === undefined ? undefined : { tags: tagsObject(tags) };
    const before = family.size;
    let found: M | undefined;
    const take = (metric: M): void => record((found = metric));
    this.#intake.each(family, scope, lookup, value, ownText(name), options, take, samples);
    return family.size > before ? found : undefined;
  }
}

function tagsObject(tags: readonly (readonly [string, string])[]): Tags {
  // Without a prototype, so that `__proto__` is a key like any other.
  const object = Object.create(null) as Record<string, string>;
  for (const [key, value] of tags) object[key === '' ? '_' : ownText(key)] = ownText(value);
  return object;
}
