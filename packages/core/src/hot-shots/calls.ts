import type { Gauge } from '../metric/gauge.js';
import type { Counter } from '../metric/counter.js';
import type { Metric } from '../metric/metric.js';
import type { UniqueSet } from '../metric/set.js';
import type { Timer } from '../metric/timer.js';
import { Lookup } from '../record/lookup.js';
import { describe } from '../text/describe.js';
import type { Identity } from '../text/identity.js';
import { type Tags as OwnTags, type Tag, isTagValue } from '../text/tags.js';
import { secondsOf, withCardinality } from '../wire/event.js';
import type { Naming } from '../wire/format.js';
import { CARDINALITY_TAG } from '../wire/origin-fields.js';
import { tagSection } from '../wire/tag-section.js';
import type { Rest } from './arguments.js';
import type { StatsCb, Tags } from './options.js';
import type { Shared } from './shared.js';
import { overrideTags, readTags } from './tags.js';

/** A metric's name, or several that get the same sample. */
export type Stat = string | readonly string[];

export type Kind = 'counters' | 'gauges' | 'timers' | 'sets' | 'histograms' | 'distributions';

const KINDS: readonly Kind[] = ['counters', 'gauges', 'timers', 'sets', 'histograms', 'distributions'];

const TYPES: Readonly<Record<Kind, string>> = {
  counters: 'c',
  gauges: 'g',
  timers: 'ms',
  sets: 's',
  histograms: 'h',
  distributions: 'd',
};

/** A call, with its arguments read. */
export interface Call extends Rest {
  readonly kind: Kind;
  readonly value: unknown;
  /** The value is a change of a gauge. */
  readonly isChange?: boolean;
}

/** What a client adds to its calls. */
export interface Adding {
  readonly shared: Shared;
  /** With its dot, or empty; and so the suffix. */
  readonly prefix: string;
  readonly suffix: string;
  readonly tags: readonly Tag[];
  readonly telegraf: boolean;
  readonly sampleRate: number;
  readonly cardinality: string | undefined;
}

/** How long the sending of a call is waited for, in ms. */
export const SENDING_MS = 1000;

/** Records the calls of a client, and calls back. */
export class Calls {
  readonly #adding: Adding;
  readonly #shared: Shared;
  /** The metrics that calls have met, by kind, and by name and tags as they were given. */
  readonly #known = lookups();
  /** The same of calls with a list of tags, which is part of the name here. */
  readonly #knownByList = lookups();

  constructor(adding: Adding) {
    this.#adding = adding;
    this.#shared = adding.shared;
  }

  /** Never throws. */
  record(stat: Stat, call: Call): void {
    const { pipeline, isImmediate, mock } = this.#shared;
    const { callback } = call;
    const answers = callback !== undefined && isImmediate && mock === undefined;
    const before = answers ? pipeline.stats().transport.bytes : 0;
    try {
      for (const name of Array.isArray(stat) ? (stat as string[]) : [stat as string]) this.#one(name, call);
    } catch (error) {
      pipeline.intake.refuseThrown(error);
    }
    if (answers) this.afterFlush(callback, before);
    else if (callback !== undefined) process.nextTick(callback, null, 0);
  }

  /** Takes a line that leaves as it stands. Never throws. */
  takeLine(
    write: (tagsOf: (tags: Tags | undefined) => readonly Tag[], naming: Naming) => string,
    callback: StatsCb | undefined,
  ): void {
    const { pipeline, mock } = this.#shared;
    try {
      const line = write((tags) => this.#tagsOf(tags), pipeline.naming);
      pipeline.life.takeLine(line, describe(line));
    } catch (error) {
      pipeline.intake.refuseThrown(error);
    }
    if (callback === undefined) return;
    if (mock !== undefined) process.nextTick(callback, null, 0);
    else this.afterFlush(callback);
  }

  /** Sends what waits, and calls back: with the bytes that went since, or with an error that says why it waits still. */
  afterFlush(callback: StatsCb, before: number = this.#shared.pipeline.stats().transport.bytes): void {
    const { pipeline } = this.#shared;
    void pipeline.life.flush(SENDING_MS).then(({ pending }) => {
      const { events, transport } = pipeline.stats();
      if (pending === 0 && events.pending === 0) callback(null, transport.bytes - before);
      else callback(new Error(`Error sending hot-shots message: ${transport.detail}`));
    });
  }

  #one(name: string, call: Call): void {
    const { kind } = call;
    const value = kind === 'sets' ? call.value : Number(call.value);
    if (call.timestamp !== undefined && !this.#adding.telegraf) this.#takeTimed(name, value, call);
    else {
      const metric = this.#metric(name, value, call);
      if (metric !== undefined) this.#add(metric, value, call);
    }
  }

  /** A sample with a time of its own can't be added to others, so it is a line. */
  #takeTimed(name: string, value: unknown, call: Call): void {
    const { kind, tags, timestamp, cardinality } = call;
    const { pipeline } = this.#shared;
    const identity = this.#identity(name, this.#tagsOf(tags));
    if (identity === undefined || this.#isRejected(identity, value, call)) return;
    const seconds = secondsOf(timestamp);
    const time = seconds === undefined ? '' : `|T${seconds}`;
    const line = `${identity.name}:${String(value)}|${TYPES[kind]}${time}${tagSection(identity, pipeline.naming)}`;
    pipeline.life.takeLine(withCardinality(line, cardinality), `a sample of ${identity.name}`);
  }

  #metric(name: string, value: unknown, call: Call): Metric | undefined {
    const { kind, tags, cardinality = this.#adding.cardinality } = call;
    const isList = Array.isArray(tags);
    const given = isList ? `${name}\0${tags.join('\0')}` : name;
    const object = isList ? undefined : (tags as OwnTags | undefined);
    const all = isList ? this.#knownByList : this.#known;
    const lookup = call.cardinality === undefined ? all[kind] : undefined;
    const known = object === undefined ? lookup?.byName.get(given) : lookup?.byTags(given, { tags: object });
    if (known !== undefined) return known;
    const { intake, registry } = this.#shared.pipeline;
    const hasCardinality = cardinality !== undefined && !this.#adding.telegraf;
    const own = this.#tagsOf(tags);
    const identity = this.#identity(name, hasCardinality ? [...own, [CARDINALITY_TAG, cardinality]] : own);
    if (identity === undefined || this.#isRejected(identity, value, call)) return undefined;
    const made = intake.metric<Metric>(registry[kind], identity);
    if (made !== undefined && (object === undefined || Object.values(object).every(isTagValue)))
      lookup?.remember(given, object, made, registry.maxMetrics);
    return made;
  }

  #add(metric: Metric, value: unknown, { kind, isChange, sampleRate = this.#adding.sampleRate }: Call): void {
    const { recorder } = this.#shared.pipeline;
    if (kind === 'counters') recorder.addTo(metric as Counter, value as number, sampleRate);
    else if (kind === 'sets') (metric as UniqueSet).add(value as string);
    else if (kind !== 'gauges') recorder.recordIn(metric as Timer, value as number, sampleRate);
    else if (isChange === true) changeGauge(metric as Gauge, value as number);
    else (metric as Gauge).set(value as number);
  }

  #isRejected({ name }: Identity, value: unknown, call: Call): boolean {
    const { registry } = this.#shared.pipeline;
    const { kind } = registry[call.kind];
    if (kind.accepts(value)) return false;
    registry.rejected(kind.sample, name, call.value);
    return true;
  }

  /** One identity for all orders of the same tags. They are written in the order of the first call. */
  #identity(name: string, tags: readonly Tag[]): Identity | undefined {
    const { prefix, suffix } = this.#adding;
    const canonical = [...tags].sort(([a, x], [b, y]) => (a < b || (a === b && x < y) ? -1 : 1));
    const { intake } = this.#shared.pipeline;
    const identity = intake.identityBy(prefix, `${name}${suffix}`, () => canonical);
    return identity && { ...identity, tags };
  }

  #tagsOf(tags: Tags | undefined): readonly Tag[] {
    const { tags: own, telegraf } = this.#adding;
    return tags === undefined ? own : overrideTags(own, readTags(tags, telegraf));
  }
}

function lookups(): Record<Kind, Lookup<Metric>> {
  return Object.fromEntries(KINDS.map((kind) => [kind, new Lookup()])) as Record<Kind, Lookup<Metric>>;
}

/** A value that waits is changed. Of one that has left, the change is sent, because others may have set the gauge since. */
function changeGauge(gauge: Gauge, change: number): void {
  const value = gauge.value + change;
  if (gauge.calls > 0 && gauge.change === undefined) gauge.set(value);
  else gauge.changeBy(change, value);
}
