import type { Decoded } from '@afstatsd/core';
import { ownText } from '@afstatsd/core/instrument';
import { identityOf, kindOf, partsOf, quickKey } from '@afstatsd/prometheus/parts';
import type { LiveKind } from './api.js';
import { Group } from './group.js';
import { LiveMemory } from './live-memory.js';
import { type LiveSeries, STEP_MS } from './live-series.js';
import { newSeries, placesOf } from './new-series.js';

export interface HistoryOptions {
  /** Places for series. Timers and histograms take two of them. */
  readonly maxMetrics: number;
  /** The number of steps that are kept. */
  readonly points: number;
  /** A clock in ms that never goes back. Default `performance.now`. */
  readonly now?: (() => number) | undefined;
}

/** The recent metrics, in steps of 5 s. Its size is bounded by the places for series and by the number of steps. */
export class History {
  readonly points: number;
  readonly limit: number;
  /** The step under way. */
  step = 0;
  /** Places in use. */
  held = 0;
  /** The number of samples so far, and the number of samples of series for which there was no place. */
  samples = 0;
  leftOut = 0;
  readonly #now: () => number;
  readonly #began: number;
  readonly #memory: LiveMemory;
  readonly #byKey = new Map<string, LiveSeries>();
  readonly #byId = new Map<number, LiveSeries>();
  readonly #groups = new Map<string, Group>();
  #nextId = 1;
  #added: LiveSeries[] = [];
  #gone: number[] = [];

  constructor({ maxMetrics, points, now = () => performance.now() }: HistoryOptions) {
    this.limit = maxMetrics;
    this.points = points;
    this.#memory = new LiveMemory(points);
    this.#now = now;
    this.#began = now();
  }

  /** The part of the current step that has passed, from 0 to 1. */
  get done(): number {
    return Math.min(1, this.#inStep / STEP_MS);
  }

  /** The time at which the current step began, in ms since 1970. */
  get stepBegan(): number {
    return Math.round(Date.now() - this.#inStep);
  }

  /** Whether a series was added since the last `takeChanges`. */
  get hasNew(): boolean {
    return this.#added.length > 0;
  }

  /** The number of series, with totals. */
  get size(): number {
    return this.#byId.size;
  }

  /** Takes a metric that came in. Never throws. */
  ingest(metric: Decoded): void {
    const count = samplesOf(metric);
    if (count === 0) return;
    this.samples += count;
    const series = this.#find(metric);
    if (series === undefined) {
      this.leftOut += count;
      return;
    }
    series.touched = this.step;
    series.add(metric);
    for (const total of series.totals) {
      total.touched = this.step;
      total.add(metric);
    }
  }

  /** Ends the steps whose time has passed. Returns their number. */
  advance(): number {
    const due = Math.floor((this.#now() - this.#began) / STEP_MS) - this.step;
    // A long pause has more steps than are kept. The first of them are skipped, because nobody could see them.
    if (due > this.points) this.step += due - this.points;
    for (let ended = 0; ended < Math.min(due, this.points); ended++) {
      for (const series of this.#byId.values()) series.end(this.step);
      this.step++;
    }
    if (due > 0) this.#letGo();
    return Math.max(0, due);
  }

  /** Every series, totals among them. */
  all(): IterableIterator<LiveSeries> {
    return this.#byId.values();
  }

  get(id: number): LiveSeries | undefined {
    return this.#byId.get(id);
  }

  /** All series of one name and kind. */
  group(kind: LiveKind, name: string): Group | undefined {
    return this.#groups.get(`${kind}\0${name}`);
  }

  /** The kinds that have series of this name. */
  kindsOf(name: string): LiveKind[] {
    return (['timer', 'histogram', 'counter', 'gauge', 'set'] as const).filter(
      (kind) => this.group(kind, name) !== undefined,
    );
  }

  /** The series that were added and removed since the last call. */
  takeChanges(): { added: readonly LiveSeries[]; gone: readonly number[] } {
    const changes = {
      added: this.#added.filter(({ identity }) => this.#byId.has(identity.id)),
      gone: this.#gone,
    };
    this.#added = [];
    this.#gone = [];
    return changes;
  }

  get #inStep(): number {
    return this.#now() - this.#began - this.step * STEP_MS;
  }

  #find(metric: Decoded): LiveSeries | undefined {
    const { name, tags = [] } = metric;
    const given = kindOf(metric);
    const kind = given === 'decrements' ? 'counter' : given;
    const quick = quickKey(name, tags);
    const known = quick === undefined ? undefined : this.#byKey.get(`${kind}\0${quick}`);
    if (known !== undefined) return known;
    const identity = identityOf(metric);
    if (typeof identity === 'string') return undefined;
    const key = `${kind}\0${identity.key}`;
    return this.#byKey.get(key) ?? this.#make(kind, ownText(key));
  }

  #make(kind: LiveKind, key: string): LiveSeries | undefined {
    if (this.held + placesOf(kind) > this.limit) return undefined;
    const { name, tags } = partsOf(key.slice(kind.length + 1));
    const series = this.#add({ kind, key, name, tags, of: undefined });
    this.#byKey.set(key, series);
    const groupKey = `${kind}\0${name}`;
    let group = this.#groups.get(groupKey);
    if (group === undefined) this.#groups.set(groupKey, (group = new Group(kind, name)));
    group.add(series, (of) =>
      this.held + placesOf(kind) > this.limit ? undefined : this.#add({ kind, key: '', name, tags: [], of }),
    );
    return series;
  }

  #add({ kind, key, name, tags, of }: Omit<LiveSeries['identity'], 'id' | 'first'>): LiveSeries {
    const whole = { id: this.#nextId++, key, name, tags, kind, of, first: Date.now() };
    const series = newSeries(whole, this.step, this.#memory);
    this.#byId.set(whole.id, series);
    this.held += series.places;
    this.#added.push(series);
    return series;
  }

  /** Removes series that had no sample in all steps that are kept, because their history is empty. */
  #letGo(): void {
    const { step, points } = this;
    for (const series of this.#byId.values()) {
      if (step - series.touched <= points) continue;
      const { id, key, kind, name } = series.identity;
      this.#byId.delete(id);
      this.#byKey.delete(key);
      this.held -= series.places;
      series.release();
      this.#gone.push(id);
      const group = this.#groups.get(`${kind}\0${name}`);
      group?.remove(series);
      if (group?.isEmpty === true) this.#groups.delete(`${kind}\0${name}`);
    }
  }
}

/** The number of a metric's samples that can be shown. */
function samplesOf(metric: Decoded): number {
  switch (metric.type) {
    case 'counter':
      return Number.isFinite(metric.value / metric.rate) ? 1 : 0;
    case 'gauge':
      return Number.isFinite(metric.value) ? 1 : 0;
    case 'timer': {
      const weight = 1 / metric.rate;
      return weight >= 1 && Number.isFinite(weight) ? metric.values.filter(Number.isFinite).length : 0;
    }
    case 'set':
      return metric.members.length;
  }
}
