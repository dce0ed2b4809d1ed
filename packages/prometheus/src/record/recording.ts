import type { Decoded, Exemplar, Logger } from '@afstatsd/core';
import { Report, cleanMember, describe, limitText, nameProblem, ownText } from '@afstatsd/core/instrument';
import { type BoundMetric, BoundRecord } from './bound.js';
import type { ExpiryTimes } from './expiry.js';
import type { Describe } from './describe.js';
import { identityOf, partsOf, quickKey } from './identities.js';
import { IdleRecords, repeatOf } from './idle-records.js';
import { type SeriesKind, kindOf } from './kind.js';
import {
  CounterRecord,
  GaugeRecord,
  HistogramRecord,
  NEVER,
  type Recorded,
  type Scales,
  SetRecord,
} from './record.js';
import { RecordMaker } from './record-maker.js';
import { SampleChecks, isWithin } from './sample-checks.js';

/** The most distinct members of a set that are counted in a window. */
const MAX_MEMBERS = 16_384;
/** The default of `maxMetrics`. It is the same as core's. */
const MAX_METRICS = 10_000;

export interface RecordingOptions {
  /** The most counters, gauges and timers together. Decrements, sets and histograms have as many places each. */
  readonly maxMetrics?: number | undefined;
  readonly logger?: Logger | undefined;
  /**
   * The times without a sample after which metrics are removed. Default: only gauges that aren't repeated any more are removed.
   */
  readonly expire?: ExpiryTimes | undefined;
  /** Returns the description of a series by rules. Default: no description. */
  readonly describe?: Describe | undefined;
  /** The clock for expiry, in ms. It never goes back. Default `performance.now`. */
  readonly now?: (() => number) | undefined;
}

/** The records of one kind. */
interface Kept {
  /** The records without tags, by name. */
  readonly plain: Map<string, Recorded>;
  /** The records with tags, by key. */
  readonly tagged: Map<string, Recorded>;
}

/** Kinds that share the places of `maxMetrics`. */
const GROUPS: readonly (readonly SeriesKind[])[] = [
  ['counter', 'gauge', 'timer'],
  ['decrements'],
  ['histogram'],
  ['set'],
];

/** The records of an output since its start: totals of counters and histograms, last values of gauges, and sets in windows. */
export class Recording {
  /** The time of the start, in ms since 1970. */
  readonly began: number = Date.now();
  readonly #kinds: Readonly<Record<SeriesKind, Kept>> = {
    counter: kept(),
    gauge: kept(),
    timer: kept(),
    decrements: kept(),
    histogram: kept(),
    set: kept(),
  };
  readonly #maker: RecordMaker;
  readonly #maxMetrics: number;
  readonly #report = new Report();
  readonly #checks = new SampleChecks(this.#report);
  readonly #idle: IdleRecords;
  readonly #now: () => number;
  #looks: NodeJS.Timeout | undefined;
  #recorded = 0;
  #dropped = 0;
  #isClosed = false;

  constructor(
    scales: Scales,
    { maxMetrics, logger, expire = {}, describe: describeSeries, now }: RecordingOptions = {},
  ) {
    this.#maker = new RecordMaker(scales, describeSeries);
    this.#maxMetrics = maxMetrics ?? MAX_METRICS;
    this.#report.logger = logger;
    this.#idle = new IdleRecords(expire);
    this.#now = now ?? (() => performance.now());
  }

  /** Records a metric. Returns the record if it is new. A removed metric that comes again is new, too. Never throws. */
  ingest(metric: Decoded): Recorded | undefined {
    if (this.#isClosed) return undefined;
    const kind = kindOf(metric);
    const values = this.#checks.acceptable(metric);
    if (values === 0) return undefined;
    const known = this.#find(kind, metric);
    const record = known ?? this.#make(kind, metric, values);
    if (record === undefined) return undefined;
    // A metric that the quick key didn't find may still be known. Its tags may be in another order, or have replaced characters.
    const isNew = known === undefined && record.look === NEVER;
    this.#recorded += values;
    record.look = this.#idle.look;
    this.#add(record, metric);
    return isNew ? record : undefined;
  }

  /** Takes an exemplar of a timer or a histogram that came in before. An exemplar of an unknown metric is left out. */
  addExemplar(metric: Decoded, exemplar: Exemplar): void {
    if (this.#isClosed) return;
    const kind = kindOf(metric);
    const record = this.#find(kind, metric) ?? this.#findByIdentity(kind, metric);
    if (record instanceof HistogramRecord) record.addExemplar(exemplar);
  }

  /** Finds a counter or a gauge that came in before, so that further samples need no look-up. */
  bind(metric: Decoded): BoundMetric | undefined {
    const record = this.#find(kindOf(metric), metric);
    return record instanceof CounterRecord || record instanceof GaugeRecord
      ? new BoundRecord(record, this.#takeBound)
      : undefined;
  }

  readonly #takeBound = (record: CounterRecord | GaugeRecord, value: number, samples: number): boolean => {
    if (this.#isClosed || record.isGone || !isWithin(value, Number.MAX_SAFE_INTEGER)) return false;
    this.#recorded += samples;
    record.look = this.#idle.look;
    if (record instanceof CounterRecord) record.value += Math.abs(value);
    else record.setNow(value);
    return true;
  };

  /**
   * Begins to remove idle metrics.
   *
   * @param onGone - Called after metrics were removed. A removed metric that comes again gets a new record.
   */
  start(onGone: () => void): void {
    clearInterval(this.#looks);
    this.#looks = setInterval(() => {
      if (this.letGo()) onGone();
    }, this.#idle.period).unref();
  }

  /** Removes idle metrics. Returns whether there were any. */
  letGo(): boolean {
    const now = this.#now();
    const isIdle = this.#idle.begin(now);
    let longestRepeat = 0;
    const hasGone = this.forget((record) => {
      longestRepeat = Math.max(longestRepeat, repeatOf(record) ?? 0);
      return isIdle(record);
    });
    this.#idle.end(now, longestRepeat);
    return hasGone;
  }

  /** Removes chosen metrics. A removed metric that comes again gets a new record. Returns whether there were any. */
  forget(isChosen: (record: Recorded) => boolean): boolean {
    let hasGone = false;
    for (const { plain, tagged } of Object.values(this.#kinds)) {
      for (const map of [plain, tagged]) {
        for (const record of map.values()) {
          if (!isChosen(record)) continue;
          map.delete(record.key);
          record.isGone = hasGone = true;
        }
      }
    }
    return hasGone;
  }

  /** Every metric. */
  *all(): Generator<Recorded> {
    for (const { plain, tagged } of Object.values(this.#kinds)) {
      yield* plain.values();
      yield* tagged.values();
    }
  }

  /** Every set. */
  *sets(): Generator<SetRecord> {
    const { plain, tagged } = this.#kinds.set;
    yield* plain.values() as Iterable<SetRecord>;
    yield* tagged.values() as Iterable<SetRecord>;
  }

  /** The number of samples so far, and of those whose metrics found no room. */
  get counts(): { recorded: number; dropped: number } {
    return { recorded: this.#recorded, dropped: this.#dropped };
  }

  /** The number of metrics of the fullest group of kinds, and the most that a group may have. */
  get size(): { held: number; maxMetrics: number } {
    return { held: Math.max(...GROUPS.map((group) => this.#sizeOf(group))), maxMetrics: this.#maxMetrics };
  }

  /** Ends recording. Later metrics are refused. */
  close(): void {
    clearInterval(this.#looks);
    this.#isClosed = true;
  }

  #find(kind: SeriesKind, { name, tags }: Decoded): Recorded | undefined {
    const { plain, tagged } = this.#kinds[kind];
    if (tags === undefined || tags.length === 0) return plain.get(name);
    const key = quickKey(name, tags);
    return key === undefined ? undefined : tagged.get(key);
  }

  /** Finds a record by identity, for a metric whose tags are in another order, or have replaced characters. */
  #findByIdentity(kind: SeriesKind, metric: Decoded): Recorded | undefined {
    const identity = identityOf(metric);
    if (typeof identity === 'string') return undefined;
    const { plain, tagged } = this.#kinds[kind];
    return (identity.tags.length === 0 ? plain : tagged).get(identity.key);
  }

  /** Makes or finds the record of a metric that the quick key didn't find. Undefined if it is refused, or there is no room. */
  #make(kind: SeriesKind, metric: Decoded, values: number): Recorded | undefined {
    const identity = identityOf(metric);
    if (typeof identity === 'string') {
      this.#report.once(
        `name ${identity}`,
        () => `name ${describe(metric.name)} ${identity}: the metric is refused`,
      );
      return undefined;
    }
    const { plain, tagged } = this.#kinds[kind];
    const map = identity.tags.length === 0 ? plain : tagged;
    const known = map.get(identity.key);
    if (known !== undefined) return known;
    if (!this.#hasRoom(kind, identity.name)) {
      this.#recorded += values;
      this.#dropped += values;
      return undefined;
    }
    const record = this.#maker.make(kind, ownText(identity.key));
    map.set(record.key, record);
    return record;
  }

  #hasRoom(kind: SeriesKind, name: string): boolean {
    const group = GROUPS.find((kinds) => kinds.includes(kind))!;
    if (this.#sizeOf(group) < this.#maxMetrics) return true;
    this.#report.once(`maxMetrics ${group[0]}`, () => {
      const { plain, tagged } = this.#kinds[kind];
      const names = [...plain.keys(), ...[...tagged.keys()].map((key) => partsOf(key).name)];
      return limitText(this.#maxMetrics, name, names);
    });
    return false;
  }

  #sizeOf(group: readonly SeriesKind[]): number {
    let size = 0;
    for (const one of group) size += this.#kinds[one].plain.size + this.#kinds[one].tagged.size;
    return size;
  }

  #add(record: Recorded, metric: Decoded): void {
    switch (metric.type) {
      case 'counter':
        (record as CounterRecord).value += Math.abs(metric.value) / metric.rate;
        break;
      case 'gauge':
        (record as GaugeRecord).set(metric);
        break;
      case 'timer': {
        const weight = 1 / metric.rate;
        for (const value of metric.values) {
          if (isWithin(value, Number.MAX_VALUE)) (record as HistogramRecord).add(value, weight);
        }
        if (metric.exemplar !== undefined) (record as HistogramRecord).addExemplar(metric.exemplar);
        break;
      }
      case 'set':
        for (const member of metric.members) this.#addMember(record as SetRecord, member);
    }
  }

  #addMember(set: SetRecord, member: string): void {
    if (nameProblem(member) !== undefined || set.has(member)) return;
    const clean = cleanMember(member);
    if (set.size < MAX_MEMBERS || set.has(clean)) {
      set.add(ownText(clean));
      return;
    }
    this.#dropped++;
    const { name } = partsOf(set.key);
    this.#report.once(
      'members',
      () => `set ${describe(name)} has ${MAX_MEMBERS} members: new ones are dropped until its window ends`,
      name,
    );
  }
}

function kept(): Kept {
  return { plain: new Map(), tagged: new Map() };
}
