import type { CollectorOptions } from '../config/options.js';
import type { Log } from '../log.js';
import type { InputName, Receiver } from '../receiver.js';
import type { Input } from './input.js';
import { QueueInput } from './queue.js';
import { TCPInput } from './tcp.js';
import { UDPInput } from './udp.js';
import { UnixInput } from './unix.js';

/** The parts of the program that inputs use. */
export interface InputSurroundings {
  readonly log: Log;
  readonly receiver: Receiver;
  /** Called when a started input can't go on. */
  readonly onFailure: (error: Error) => void;
}

/** An input to be made. Plans with the same key make the same input. */
export interface InputPlan {
  readonly name: InputName;
  readonly key: string;
  readonly make: () => Input;
}

/** The inputs that the options ask for. */
export function planInputs(options: CollectorOptions, surroundings: InputSurroundings): InputPlan[] {
  const { queue, unlink, trustUid: trustedUids, sharedQueue: isShared, udp, tcp } = options;
  const { unix: paths, unixMode: mode, unixOwner: owner } = options;
  const { log, receiver, onFailure } = surroundings;
  const plans: InputPlan[] = [];
  const plan = (name: InputName, input: unknown, make: () => Input): void =>
    void plans.push({ name, key: `${name} ${JSON.stringify(input)}`, make });
  if (udp.length > 0) plan('udp', udp, () => new UDPInput(udp, receiver, log, onFailure));
  if (tcp.length > 0) plan('tcp', tcp, () => new TCPInput(tcp, receiver, log, onFailure));
  if (paths.length > 0) {
    const unixOptions = { paths, mode, owner };
    plan('unix', unixOptions, () => new UnixInput(unixOptions, receiver, log, onFailure));
  }
  if (queue !== false) {
    const queueOptions = { queue, unlink, trustedUids, isShared };
    plan('queue', queueOptions, () => new QueueInput(queueOptions, receiver, log, onFailure));
  }
  return plans;
}
