import type { Counter } from '../metric/counter.js';
import type { Gauge } from '../metric/gauge.js';
import type { UniqueSet } from '../metric/set.js';
import type { Timer } from '../metric/timer.js';
import { type Tag, withMoreTags } from '../text/tags.js';
import { Lookup } from './lookup.js';
import type { Registry } from './registry.js';

/** The prefix and tags that a client adds to its calls, and the look-ups of the metrics of these calls. */
export interface Scope {
  /** The prefix with its dot, or empty. */
  readonly prefix: string;
  /** Tags that come after a call's own tags. */
  readonly tags: readonly Tag[];
  readonly counters: Lookup<Counter>;
  readonly gauges: Lookup<Gauge>;
  readonly timers: Lookup<Timer>;
  readonly sets: Lookup<UniqueSet>;
  readonly histograms: Lookup<Timer>;
  readonly distributions: Lookup<Timer>;
}

/** The scope that adds nothing: it finds metrics without tags in the registry itself. */
export function rootScope(registry: Registry): Scope {
  const { counters, gauges, timers, sets, histograms, distributions } = registry;
  return {
    prefix: '',
    tags: [],
    counters: new Lookup(counters),
    gauges: new Lookup(gauges),
    timers: new Lookup(timers),
    sets: new Lookup(sets),
    histograms: new Lookup(histograms),
    distributions: new Lookup(distributions),
  };
}

export function childScope(parent: Scope, prefix: string, tags: readonly Tag[]): Scope {
  return newScope(parent.prefix + prefix, withMoreTags(tags, parent.tags));
}

/** The scope of a client within a request. The request's tags come last, so that tags of the client and its calls win. */
export function requestScopeOf(scope: Scope, tags: readonly Tag[]): Scope {
  return newScope(scope.prefix, withMoreTags(scope.tags, tags));
}

function newScope(prefix: string, tags: readonly Tag[]): Scope {
  return {
    prefix,
    tags,
    counters: new Lookup(),
    gauges: new Lookup(),
    timers: new Lookup(),
    sets: new Lookup(),
    histograms: new Lookup(),
    distributions: new Lookup(),
  };
}
