import type { Combine } from '@afstatsd/core';
import { COMBINE, describe, ignoreRejection } from '@afstatsd/core/instrument';
import type { Entry } from './entries.js';
import { MemberWatch } from './member-watch.js';
import type { AnyFunction } from './member.js';
import { findOwner, firstHolder } from './owner.js';
import type { GaugeOptions } from './types.js';
import { watchForPolls } from './unpolled.js';

/** Instances that some watch reads, or would if it was enabled. */
const polled = new WeakSet();

/** Whether an instance has a polled member that knows of it. */
export function isPolled(instance: object): boolean {
  return polled.has(instance);
}

/** Notes an instance whose polled member is to be left as it is. */
export function notePolled(instance: object): void {
  polled.add(instance);
}

/** Reads the member of each instance that is alive, at each flush, while there are any. None is held alive by it. */
export class PollWatch extends MemberWatch<undefined> {
  override readonly needsEnd: boolean = false;
  readonly #fn: AnyFunction;
  readonly #combine: Combine;
  readonly #known = new WeakSet();
  /** In the order in which they were made. */
  readonly #instances = new Set<WeakRef<object>>();
  readonly #collected = new FinalizationRegistry<WeakRef<object>>((instance) =>
    this.#instances.delete(instance),
  );
  #hasInstances = false;
  #stop: (() => void) | undefined;
  #last: number | undefined;

  constructor(entry: Entry, options: GaugeOptions, fn: AnyFunction) {
    super(entry, options);
    this.#fn = fn;
    this.#combine = options.combine ?? 'sum';
    entry.poll = (instance) => this.#adopt(instance);
    watchForPolls(
      entry.member,
      () => this.#hasInstances,
      () =>
        this.say(
          `no instance polled for @Gauge on ${this.currentName}`,
          () =>
            `@Gauge on ${this.currentName} polls no instance yet: with legacy decorators, call Gauge.poll(this) in the constructor`,
        ),
    );
  }

  /** Legacy decorators hear of an instance only now; standard ones were told of each. */
  begin(self: unknown): undefined {
    if (this.entry.member.owner === undefined || typeof self !== 'object' || self === null) return;
    this.#adopt(self);
  }

  again(): undefined {}

  end(): void {}

  /** Begins to read an instance, or the class of a static member. */
  #adopt(instance: object): void {
    if (this.#known.has(instance)) return;
    this.#known.add(instance);
    this.#hasInstances = true;
    polled.add(instance);
    if (this.name === undefined) this.findName(instance);
    if (this.#isOverridden(instance)) return;
    const reference = new WeakRef(instance);
    this.#instances.add(reference);
    this.#collected.register(instance, reference);
    this.#stop ??= this.readAtFlush(this.currentName, () => this.#read());
  }

  /** A subclass that has a member of its own in its place has not decorated that one. */
  #isOverridden(instance: object): boolean {
    const { key, owner, static: isStatic, private: isPrivate } = this.entry.member;
    if (isPrivate || isStatic) return false;
    try {
      return (
        firstHolder(Object.getPrototypeOf(instance) as object, key) !==
        (owner ?? findOwner(instance, this.entry))
      );
    } catch (error) {
      this.warn('class of', error); // a Proxy that refuses
      return true;
    }
  }

  #read(): number {
    const combine = COMBINE[this.#combine];
    let value: number | undefined;
    // A copy: the app's code may make instances.
    for (const reference of Array.from(this.#instances)) {
      const instance = reference.deref();
      if (instance === undefined) {
        this.#instances.delete(reference);
        continue;
      }
      const one = this.#readOne(instance);
      if (one !== undefined) value = value === undefined ? one : combine(value, one);
    }
    if (this.#instances.size > 0) {
      // Without any value, the client refuses and counts this reading.
      return value === undefined ? NaN : (this.#last = value);
    }
    // Nobody is left to read. The sum of nothing is 0; a maximum or a last value stays what it was.
    this.#stop?.();
    this.#stop = undefined;
    return this.#combine === 'sum' ? 0 : (this.#last ?? NaN);
  }

  #readOne(instance: object): number | undefined {
    try {
      const value: unknown = Reflect.apply(this.#fn, instance, []);
      if (typeof value === 'number' && Number.isFinite(value)) return value;
      ignoreRejection(value);
      throw new TypeError(`it returned ${describe(value)}, not a finite number`);
    } catch (error) {
      this.warn('polled member of', error);
      return undefined;
    }
  }
}
