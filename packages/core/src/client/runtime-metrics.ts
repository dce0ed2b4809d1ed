import { loadWorkerThreads } from '../host/builtin.js';
import type { Recorder } from '../record/recorder.js';
import { type Scope, childScope } from '../record/scope.js';
import type * as Runtime from '../runtime/index.js';
import type { RuntimeOptions } from '../runtime/options.js';
import type { RuntimeRecorder, RuntimeRecorders } from '../runtime/probe.js';
import { canonicalTags } from '../text/tags.js';

// Loaded with the first use, because most programs need none of it.
const load = (): typeof Runtime => require('../runtime/index.js') as typeof Runtime;

/**
 * The options that were given.
 *
 * @throws TypeError that names the option and the value, for an option that can't be used.
 */
export const readRuntimeOptions: typeof Runtime.readRuntimeOptions = (options) =>
  load().readRuntimeOptions(options);

/** Where runtime metrics are recorded, and which. */
interface Wish {
  readonly scope: Scope;
  readonly options: RuntimeOptions;
}

/** Collects runtime metrics while a client is at work and wants them. */
export class RuntimeMetrics {
  readonly #recorder: Recorder;
  readonly #root: Scope;
  readonly #readings: (read: (() => void) | undefined) => void;
  /** Of `collectRuntimeMetrics`; false once that was called off. */
  #wish: Wish | false | undefined;
  #running: { readonly wish: Wish; readonly collection: Runtime.RuntimeCollection } | undefined;

  /**
   * @param root - The scope of metrics that the option `runtimeMetrics` asks for.
   * @param readings - Given a function to call before flushes, or undefined when there is none any more.
   */
  constructor(recorder: Recorder, root: Scope, readings: (read: (() => void) | undefined) => void) {
    this.#recorder = recorder;
    this.#root = root;
    this.#readings = readings;
  }

  get isWanted(): boolean {
    return Boolean(this.#wish);
  }

  /** Notes what is wanted, in place of an earlier wish. Returns what calls it off. */
  want(scope: Scope, options: RuntimeOptions): () => void {
    const wish: Wish = { scope, options };
    this.#wish = wish;
    return () => {
      if (this.#wish !== wish) return;
      this.#wish = false;
      this.end();
    };
  }

  /** Collects what is wanted, or stops. */
  apply({ enabled, runtimeMetrics }: { readonly enabled: boolean; readonly runtimeMetrics: boolean }): void {
    const wish =
      this.#wish ?? (runtimeMetrics ? (this.#running?.wish ?? { scope: this.#root, options: {} }) : false);
    if (this.#running !== undefined && this.#running.wish === wish && enabled) return;
    this.#stop();
    if (wish === false || !enabled) return;
    const { RuntimeCollection, processName } = load();
    const collection = new RuntimeCollection(this.#recorders(wish, processName), wish.options);
    this.#running = { wish, collection };
    this.#readings(() => collection.read());
  }

  /** Records what there is, and ends the collection. */
  end(): void {
    this.#running?.collection.read();
    this.#stop();
  }

  #stop(): void {
    if (this.#running === undefined) return;
    this.#running.collection.stop();
    this.#running = undefined;
    this.#readings(undefined);
  }

  #recorders({ scope, options }: Wish, processName: typeof Runtime.processName): RuntimeRecorders {
    const { process = processName() } = options;
    const named = process === false ? scope : childScope(scope, '', canonicalTags({ process }));
    const { isMainThread, threadId } = loadWorkerThreads();
    const thread = isMainThread ? 'main' : String(threadId);
    return {
      shared: this.#recorderIn(options.process === undefined ? scope : named),
      process: this.#recorderIn(named),
      thread: this.#recorderIn(childScope(named, '', canonicalTags({ thread }))),
    };
  }

  #recorderIn(scope: Scope): RuntimeRecorder {
    const recorder = this.#recorder;
    const optionsOf = (tags: unknown): unknown => (tags === undefined ? undefined : { tags });
    return {
      gauge: (name, value, tags) => recorder.setGauge(scope, name, value, optionsOf(tags)),
      count: (name, delta, tags) => recorder.count(scope, name, delta, optionsOf(tags)),
      time: (name, ms, tags) => recorder.time(scope, name, ms, optionsOf(tags)),
    };
  }
}
