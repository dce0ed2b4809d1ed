import { loadWorkerThreads } from '../host/builtin.js';
import type { Recorder } from '../record/recorder.js';
import { type Scope, childScope } from '../record/scope.js';
import type * as Runtime from '../runtime/index.js';
import type { RuntimeOptions } from '../runtime/options.js';
import type { RuntimeRecorder, RuntimeRecorders } from '../runtime/probe.js';
import { canonicalTags } from '../text/tags.js';

// Loaded at the first use, because most programs don't need it.
const load = (): typeof Runtime => require('../runtime/index.js') as typeof Runtime;

/**
 * Checks options of runtime metrics.
 *
 * @throws TypeError that names an option which can't be used, and its value.
 */
export const readRuntimeOptions: typeof Runtime.readRuntimeOptions = (options) =>
  load().readRuntimeOptions(options);

/** A request to collect runtime metrics: which ones, and in which scope. */
interface Wish {
  readonly scope: Scope;
  readonly options: RuntimeOptions;
}

/** Collects runtime metrics while the client is enabled, and its options or `collectRuntimeMetrics` ask for them. */
export class RuntimeMetrics {
  readonly #recorder: Recorder;
  readonly #root: Scope;
  readonly #readings: (read: (() => void) | undefined) => void;
  /** The request of `collectRuntimeMetrics`. Undefined without one; false once its function has ended the collection. */
  #wish: Wish | false | undefined;
  #running: { readonly wish: Wish; readonly collection: Runtime.RuntimeCollection } | undefined;

  /**
   * @param root - The scope of metrics that the option `runtimeMetrics` asks for.
   * @param readings - Registers the function that the client calls before each flush. Undefined removes it.
   */
  constructor(recorder: Recorder, root: Scope, readings: (read: (() => void) | undefined) => void) {
    this.#recorder = recorder;
    this.#root = root;
    this.#readings = readings;
  }

  get isWanted(): boolean {
    return Boolean(this.#wish);
  }

  /** Takes a request, which replaces an earlier one. Returns a function that ends it, unless a later one has replaced it. */
  want(scope: Scope, options: RuntimeOptions): () => void {
    const wish: Wish = { scope, options };
    this.#wish = wish;
    return () => {
      if (this.#wish !== wish) return;
      this.#wish = false;
      this.end();
    };
  }

  /** Starts, replaces or stops the collection, as the request and the options say. */
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

  /** Reads the metrics a last time, and ends the collection. */
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
