import type { Tags } from '../text/tags.js';

/** How a probe records. Every name and tag is one of this project's, so nothing is refused. */
export interface RuntimeRecorder {
  gauge(name: string, value: number, tags?: Tags): void;
  count(name: string, delta: number, tags?: Tags): void;
  time(name: string, ms: number, tags?: Tags): void;
}

/** Recorders that differ in the tags that they add. */
export interface RuntimeRecorders {
  /** For counters and timers: without a tag that is new with each process, because a receiver keeps them for good. */
  readonly shared: RuntimeRecorder;
  /** For gauges of the process. */
  readonly process: RuntimeRecorder;
  /** For gauges of this thread. */
  readonly thread: RuntimeRecorder;
}

/** A part of the runtime metrics at work. */
export interface Probe {
  /** Records what there is now. */
  read(): void;
  /** Ends what the probe has set going. */
  stop?(): void;
}

/** Settings that probes need. */
export interface ProbeSettings {
  /** Time between two looks at the event loop, in ms. */
  readonly eventLoopResolution: number;
}

/** Starts a probe. Returns undefined, or throws, where the runtime lacks what it needs. */
export type StartProbe = (recorders: RuntimeRecorders, settings: ProbeSettings) => Probe | undefined;
