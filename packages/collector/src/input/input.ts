/** A way by which metrics come in. */
export interface Input {
  /** The interval at which clients are asked to send, in ms. Set before `start`, and again whenever it changes. */
  clientInterval: number;
  /** Begins to take metrics. Rejects with an error that says what to do. */
  start(): Promise<void>;
  /** Makes a start that waits for something reject soon. */
  interruptStart?(): void;
  /** Takes the messages that have arrived already, and ends. `timeout` is the longest time for this, in ms. */
  stop(timeout: number): Promise<void>;
}
