import type { Transport } from '@afstatsd/core';
import type { Arrived } from './arrivals.js';

/** The other end of what the shop records. */
export interface Receiver {
  /** One line, for people. */
  readonly description: string;
  /** Where the shop's metrics go to. */
  readonly transport: Transport;
  /** Rejects when the receiver ends although nobody has asked it to. */
  readonly failed: Promise<never>;
  /** Call it after the last message has left. */
  finish(): Promise<Arrived>;
  /** Leaves nothing behind: no queue, no process. */
  close(): void;
}
