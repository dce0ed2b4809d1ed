import { type Checks, readOptions } from '../check/options.js';
import { CHECKS, integer } from '../check/rules.js';

/** Options of `collectRuntimeMetrics`: which metrics, and how they are told apart. Every group is on by default. */
export interface RuntimeOptions {
  /**
   * The tag `process` of the gauges, 1 to 100 characters long. A name of your own is on counters and timers, too. `false` writes
   * none, for a program of which one process runs. Default: the host's name and the pid, such as `web1-4711`, on gauges only.
   */
  readonly process?: string | false;
  /** Time between two looks at the event loop, in ms: an integer from 1 to 1,000. Default 10. */
  readonly eventLoopResolution?: number;
  /** Delay of the event loop, and its utilisation. */
  readonly eventLoop?: boolean;
  /** Durations of garbage collections, by kind. */
  readonly gc?: boolean;
  /** Heap, external memory and array buffers of the thread; resident and virtual memory of the process. */
  readonly memory?: boolean;
  /** The heap by space. */
  readonly heapSpaces?: boolean;
  /** CPU time of the process. */
  readonly cpu?: boolean;
  /** Active handles, requests and resources, by type. */
  readonly resources?: boolean;
  /** Open file descriptors and their limit. On Linux only. */
  readonly descriptors?: boolean;
  /** Start, uptime, and version of Node.js. */
  readonly info?: boolean;
}

/** The groups that can be turned off. */
export type RuntimeGroup = Exclude<keyof RuntimeOptions, 'eventLoopResolution' | 'process'>;

const MAX_PROCESS_CHARACTERS = 100;

const OPTIONS: Checks<RuntimeOptions> = {
  process: {
    must: `be a string of 1 to ${MAX_PROCESS_CHARACTERS} characters, or false`,
    accepts: (value) =>
      value === false ||
      (typeof value === 'string' && value !== '' && value.length <= MAX_PROCESS_CHARACTERS),
  },
  eventLoopResolution: integer(1, 1_000),
  eventLoop: CHECKS.boolean,
  gc: CHECKS.boolean,
  memory: CHECKS.boolean,
  heapSpaces: CHECKS.boolean,
  cpu: CHECKS.boolean,
  resources: CHECKS.boolean,
  descriptors: CHECKS.boolean,
  info: CHECKS.boolean,
};

/**
 * The options that were given.
 *
 * @throws TypeError that names the option and the value, for an option that can't be used.
 */
export function readRuntimeOptions(options: RuntimeOptions): RuntimeOptions {
  return readOptions(options, OPTIONS, 'collectRuntimeMetrics: ');
}
