/** Where metrics come in. */
export interface Input {
  /** How often clients are to send, in ms. It can be set at any time, first before `start`. */
  clientInterval: number;
  /** Begins to take metrics. Rejects with an error that says what to do. */
  start(): Promise<void>;
  /** Has a start that is under way, and waits for something, reject soon. */
  interruptStart?(): void;
  /** Takes what has arrived already, within the timeout (ms), and ends. */
  stop(timeout: number): Promise<void>;
}
