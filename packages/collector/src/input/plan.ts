import type { CollectorOptions } from '../config/options.js';
import type { Log } from '../log.js';
import type { Receiver } from '../receiver.js';
import type { Input } from './input.js';
import { QueueInput } from './queue.js';
import { UDPInput } from './udp.js';

/** The parts of the program that inputs use. */
export interface InputSurroundings {
  readonly log: Log;
  readonly receiver: Receiver;
  /** Called when an input that was started can't go on. */
  readonly onFailure: (error: Error) => void;
}

/** An input to be made. Plans with the same key make the same input. */
export interface InputPlan {
  readonly key: string;
  readonly make: () => Input;
}

/** The inputs that the options ask for. */
export function planInputs(options: CollectorOptions, surroundings: InputSurroundings): InputPlan[] {
  const { queue, unlink, trustUid: trustedUids, sharedQueue: isShared, udp } = options;
  const { log, receiver, onFailure } = surroundings;
  const plans: InputPlan[] = [];
  if (udp !== false) {
    plans.push({
      key: `udp ${JSON.stringify(udp)}`,
      make: () => new UDPInput(udp, receiver, log, onFailure),
    });
  }
  if (queue !== false) {
    const queueOptions = { queue, unlink, trustedUids, isShared };
    plans.push({
      key: `queue ${JSON.stringify(queueOptions)}`,
      make: () => new QueueInput(queueOptions, receiver, log, onFailure),
    });
  }
  return plans;
}
