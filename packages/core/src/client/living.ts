import type { Ledger } from '../account/ledger.js';
import type { Report } from '../account/report.js';
import type { Periodic } from '../host/periodic.js';
import type { Surroundings } from '../host/surroundings.js';
import type { Intake } from '../record/intake.js';
import type { Delivery } from '../send/delivery.js';
import type { Flusher } from '../send/flusher.js';
import type { Outbox } from '../send/outbox.js';
import type { SingleLines } from '../send/single-lines.js';
import type { TransportWatch } from '../send/transport-watch.js';

/** The parts of a client that its life starts and stops. */
export interface Living {
  readonly outbox: Outbox;
  readonly flusher: Flusher;
  readonly delivery: Delivery;
  readonly lines: SingleLines;
  readonly transport: TransportWatch;
  readonly intake: Intake;
  readonly ledger: Ledger;
  readonly report: Report;
  readonly surroundings: Surroundings;
  /** Reads the environment and applies all settings. This enters the first stage after `new`. */
  readonly start: () => void;
  /** Called when the end of the process was called off. Enters the stage that the settings ask for. */
  readonly goOn: () => void;
  /** Records what is due before the last flush: gauge callbacks and telemetry. */
  readonly beforeFlush: () => void;
  /** Called when a shutdown begins. */
  readonly shutDown: () => void;
  /** Lets go of idle metrics from time to time. */
  readonly sweeping: Periodic;
  /** Queues the counters that hold only a remainder of rounding. Returns whether there are any. */
  readonly addRemainders: () => boolean;
}
