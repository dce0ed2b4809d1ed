import { BadLines } from './bad-lines.js';
import type { CollectorOptions } from './config/options.js';
import { clientInterval } from './client-interval.js';
import type { Input } from './input/input.js';
import { type InputPlan, planInputs } from './input/plan.js';
import { collectorStatus } from './collector-status.js';
import type { Log } from './log.js';
import { ConsoleHeader, describeInputs } from './console-header.js';
import { ownMetrics } from './own-metrics.js';
import type { Output, OutputStats } from './output/output.js';
import type { Screen } from './output/console/screen.js';
import { type OutputPlan, type Surroundings, planOutputs } from './output/plan.js';
import { ProcessMetrics } from './process-metrics.js';
import { Receiver } from './receiver.js';
import { RuledMetrics } from './ruled-metrics.js';

/** A running part, and the key of its plan. The part is made again when the key changes. */
interface Running<T> {
  readonly key: string;
  readonly part: T;
}

/** The interval at which outputs are asked for the interval that they want, in ms. It is short, because scrapers come and go. */
const ASK_OUTPUTS_MS = 250;
/** The longest time for the end of a part, in ms. Outputs end after inputs, so both together are within Docker's 10 s. */
const STOP_TIMEOUT = 4_000;

/** The inputs, the receiver and the outputs of one configuration. The configuration can be changed while they run. */
export class Collector {
  /** Counts the messages, and hands metrics to the outputs. */
  readonly receiver: Receiver;
  readonly #began = Date.now();
  readonly #log: Log;
  readonly #write: (text: string) => void;
  readonly #busy: () => boolean;
  readonly #screen: Screen | undefined;
  readonly #header: ConsoleHeader;
  readonly #onFailure: (error: Error) => void;
  #options: CollectorOptions;
  /** The rules in force. Their counts of values begin again only with other rules. */
  #rulesKey: string | undefined;
  #inputs: Running<Input>[] = [];
  #outputs: Running<Output>[] = [];
  #reporter: NodeJS.Timeout | undefined;
  #asker: NodeJS.Timeout | undefined;
  #reported = ownMetrics.start();
  readonly #process = new ProcessMetrics();
  /** The end of the last start, change or stop. The next one waits for it, because several signals may come at once. */
  #turn: Promise<void> = Promise.resolve();
  /** The console shows nothing before the start is done, because a table would hide the error of a failed start. */
  #start: 'under way' | 'done' | 'failed' = 'under way';
  #stopped = false;
  #isStopping = false;
  /** The input that is being started. */
  #starting: Input | undefined;

  /**
   * Nothing is opened before `start`.
   *
   * @param surroundings - the log, the terminal and the callbacks of the program.
   */
  constructor(
    options: CollectorOptions,
    surroundings: {
      /** Gets the collector's messages about itself. */
      log: Log;
      /** Writes the text of the console output. */
      write: (text: string) => void;
      /** Whether the last written text still waits for its reader. Default: never. */
      busy?: () => boolean;
      /** The terminal in which the console output is shown. Default: none. */
      screen?: Screen | undefined;
      /** Called when an input can't go on: the program should end and be started again. */
      onFailure: (error: Error) => void;
    },
  ) {
    this.#options = options;
    this.#log = surroundings.log;
    const { write, busy = (): boolean => false } = surroundings;
    this.#write = (text) => {
      if (this.#start !== 'failed') write(text);
    };
    this.#busy = () => this.#start === 'under way' || (this.#start === 'done' && busy());
    this.#screen = surroundings.screen;
    this.#onFailure = surroundings.onFailure;
    const onIncident = (severity: string, text: string): void => {
      const kind = `incident report (${severity})`;
      this.#log.warn(`${kind}: ${text}`, kind);
    };
    this.receiver = new Receiver(options.maxMetrics, onIncident, new BadLines(this.#log).note);
    this.#header = new ConsoleHeader(this.receiver);
    this.#applyToReceiver(options);
  }

  #applyToReceiver({ negativeGauges, rules }: CollectorOptions): void {
    this.receiver.gauges.negative = negativeGauges;
    const key = JSON.stringify(rules);
    if (key === this.#rulesKey) return;
    this.#rulesKey = key;
    const ruled = new RuledMetrics(rules);
    this.receiver.rules = ruled.haveChanges ? ruled : undefined;
  }

  /**
   * Starts the outputs, and then the inputs, so that no metric comes in too early. Rejects if a part can't start. Nothing is left
   * running then, and nothing is shown at the console.
   */
  start(): Promise<void> {
    return this.#inTurn(async () => {
      const options = this.#options;
      this.#process.start();
      try {
        for (const plan of this.#planOutputs(options)) await this.#startOutput(plan);
        this.#report();
        for (const plan of this.#planInputs(options)) await this.#startInput(plan);
        this.#start = 'done';
      } catch (error) {
        this.#start = 'failed';
        await this.#stop();
        throw error;
      }
      this.#reportEvery(options.interval);
      this.#asker = setInterval(() => this.#tellClients(), ASK_OUTPUTS_MS).unref();
    });
  }

  /** Goes on with other options. Parts that these don't concern run on. A part that can't start is left out, and logged. */
  reconfigure(options: CollectorOptions): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#stopped) return;
      this.#options = options;
      this.receiver.gauges.limit = options.maxMetrics;
      this.#applyToReceiver(options);
      await this.#changeOutputs(this.#planOutputs(options));
      await this.#changeInputs(this.#planInputs(options));
      this.#reportEvery(options.interval);
    });
  }

  /**
   * Reads the messages in the queue, passes all metrics on, and closes all parts. Takes a bounded time. A pending start rejects.
   */
  stop(): Promise<void> {
    this.#isStopping = true;
    this.#starting?.interruptStart?.();
    return this.#inTurn(() => this.#stop());
  }

  /** The counts of each output. */
  outputStats(): OutputStats[] {
    return this.#outputs.map(({ part }) => part.stats());
  }

  #planOutputs(options: CollectorOptions): OutputPlan[] {
    const surroundings: Surroundings = {
      log: this.#log,
      write: this.#write,
      busy: this.#busy,
      screen: this.#screen,
      header: () => this.#header.lines(this.#options, this.outputStats()),
      inputs: () => describeInputs(this.#options),
      clients: () => this.receiver.clients.all(),
      status: () => collectorStatus(this.receiver, this.outputStats(), this.#began),
    };
    return planOutputs(options, surroundings);
  }

  #planInputs(options: CollectorOptions): InputPlan[] {
    const surroundings = { log: this.#log, receiver: this.receiver, onFailure: this.#onFailure };
    const plans = planInputs(options, surroundings);
    for (const { name } of plans) this.receiver.reported.add(name);
    return plans;
  }

  async #startOutput({ key, make }: OutputPlan): Promise<void> {
    if (this.#outputs.some((running) => running.key === key)) return;
    const part = make();
    await part.start();
    this.#outputs.push({ key, part });
    this.#log.info(`output ${part.stats().name}`);
    this.receiver.outputs = this.#outputs.map((running) => running.part);
  }

  async #startInput({ key, make }: InputPlan): Promise<void> {
    if (this.#inputs.some((running) => running.key === key)) return;
    const part = make();
    part.clientInterval = this.#clientInterval;
    if (this.#isStopping) return;
    this.#starting = part;
    try {
      await part.start();
    } finally {
      this.#starting = undefined;
    }
    this.#inputs.push({ key, part });
  }

  /**
   * Changes the outputs without losing metrics. New outputs start first, and then take over from the old ones in one step. A new
   * output that needs something of an old one, such as its port, has to wait for the old one's end.
   */
  async #changeOutputs(plans: readonly OutputPlan[]): Promise<void> {
    const gone = this.#outputs.filter(({ key }) => !plans.some((plan) => plan.key === key));
    const late: OutputPlan[] = [];
    for (const plan of plans) {
      await this.#startOutput(plan).catch(() => late.push(plan));
    }
    this.#outputs = this.#outputs.filter((running) => !gone.includes(running));
    this.receiver.outputs = this.#outputs.map((running) => running.part);
    await Promise.all(gone.map(({ part }) => part.close(STOP_TIMEOUT)));
    for (const plan of late) await this.#startOutput(plan).catch((error) => this.#leftOut(error));
  }

  async #changeInputs(plans: readonly InputPlan[]): Promise<void> {
    const gone = this.#inputs.filter(({ key }) => !plans.some((plan) => plan.key === key));
    this.#inputs = this.#inputs.filter((running) => !gone.includes(running));
    await Promise.all(gone.map(({ part }) => part.stop(STOP_TIMEOUT)));
    for (const plan of plans) {
      await this.#startInput(plan).catch((error) => this.#leftOut(error));
    }
  }

  #leftOut(error: unknown): void {
    this.#log.error(`${(error as Error).message}; the rest goes on without it`);
  }

  async #stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#reporter);
    clearInterval(this.#asker);
    this.#process.stop();
    await Promise.all(this.#inputs.map(({ part }) => part.stop(STOP_TIMEOUT)));
    this.#inputs = [];
    this.#report();
    await Promise.all(this.#outputs.map(({ part }) => part.close(STOP_TIMEOUT)));
    this.#outputs = [];
    this.receiver.outputs = [];
  }

  #inTurn(step: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(step);
    this.#turn = turn.catch(() => {});
    return turn;
  }

  #reportEvery(interval: number): void {
    clearInterval(this.#reporter);
    this.#reporter = setInterval(() => this.#report(), interval).unref();
  }

  get #clientInterval(): number {
    return clientInterval(
      this.#options.clientInterval,
      this.#outputs.map(({ part }) => part),
    );
  }

  #tellClients(): void {
    const interval = this.#clientInterval;
    for (const { part } of this.#inputs) part.clientInterval = interval;
  }

  /** Passes the collector's own numbers on, as metrics among the others. */
  #report(): void {
    const { metrics, reported } = ownMetrics.since(this.#reported, this.receiver, this.outputStats());
    this.#reported = reported;
    for (const metric of [...metrics, ...this.#process.read()]) this.receiver.pass(metric);
  }
}
