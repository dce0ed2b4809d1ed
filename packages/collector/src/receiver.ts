import { type Decoded, type DecodeResult, decode, decodeLines } from '@afstatsd/core';
import { readExemplars } from '@afstatsd/core/instrument';
import { Clients } from './clients.js';
import { Completeness } from './completeness.js';
import { GaugeValues } from './gauge-values.js';
import type { Output } from './output/output.js';
import { printable } from './printable.js';
import type { RuledMetrics } from './ruled-metrics.js';

/** The counts of one input. */
export interface InputCounts {
  messages: number;
  samples: number;
  /** Parts of messages that can't be read as a metric. */
  badLines: number;
  /** The number of DogStatsD's events. Events and service checks are no metrics. */
  events: number;
  serviceChecks: number;
}

/** The counts of an input's own thread. */
export interface CountedParts {
  readonly messages: number;
  readonly samples: number;
}

/** An input by which messages come. */
export type InputName = 'queue' | 'udp' | 'tcp' | 'unix';

/** The sender of a message. */
export interface Sender {
  readonly address: string;
  readonly port: number;
}

function noCounts(): InputCounts {
  return { messages: 0, samples: 0, badLines: 0, events: 0, serviceChecks: 0 };
}

/** AppFirst's severities of incident reports. The priority of the message is the index. */
const SEVERITIES = ['information', 'warning', 'critical'] as const;
const STATSD_PRIORITY = 3;
/** Limits for the number of known lines, which otherwise is the most metrics that an output holds. */
const LEAST_KNOWN_LINES = 2 ** 16;
const MOST_KNOWN_LINES = 2 ** 20;

/** Takes messages from the inputs, reads them, and hands each metric to every output. */
export class Receiver {
  readonly queue: InputCounts = noCounts();
  readonly udp: InputCounts = noCounts();
  readonly tcp: InputCounts = noCounts();
  readonly unix: InputCounts = noCounts();
  /** The inputs whose counts are reported. The queue and UDP always are, and the others once they have been configured. */
  readonly reported: Set<InputName> = new Set(['queue', 'udp']);
  /** Incident reports by severity. They are shown, and never read as metrics. */
  readonly incidents: Record<(typeof SEVERITIES)[number], number> = {
    information: 0,
    warning: 0,
    critical: 0,
  };
  /** The number of messages of other priorities. These are AppFirst's polled data, which this collector ignores. */
  otherMessages = 0;
  /** Datagrams that the kernel dropped, because they came faster than they were read. 0 if the kernel doesn't report them. */
  udpDropped = 0;
  countsUdpDrops = false;
  /** The number of open TCP connections, and of those that were refused because too many were open. */
  tcpConnections = 0;
  tcpRefused = 0;
  /** The number of messages in the queue when it was last asked. */
  queueDepth = 0;
  /** The number of messages that the queue has room for. Undefined if no queue is read. */
  queueCapacity: number | undefined;
  readonly completeness: Completeness = new Completeness();
  readonly clients: Clients = new Clients();
  readonly gauges: GaugeValues;
  outputs: readonly Output[] = [];
  /** The rules that are applied to metrics before outputs get them. Default: none. */
  rules: RuledMetrics | undefined;
  readonly #onIncident: (severity: string, text: string) => void;
  readonly #onBadLine: (input: InputName, line: string, from: Sender | undefined) => void;

  /**
   * @param maxMetrics - the most gauges whose values are remembered.
   * @param onBadLine - called with the first bad line of a message, as it came, and with its sender if the input knows it.
   * Default: a function that does nothing.
   */
  constructor(
    maxMetrics: number,
    onIncident: (severity: string, text: string) => void,
    onBadLine: (input: InputName, line: string, from: Sender | undefined) => void = () => {},
  ) {
    this.gauges = new GaugeValues(maxMetrics);
    this.#onIncident = onIncident;
    this.#onBadLine = onBadLine;
  }

  /** The most keys of an input's `KnownLines`. */
  get knownLines(): number {
    return Math.min(MOST_KNOWN_LINES, Math.max(LEAST_KNOWN_LINES, this.gauges.limit));
  }

  receiveFromQueue(bytes: Uint8Array, priority: number): void {
    const severity = SEVERITIES[priority];
    if (severity !== undefined) {
      this.incidents[severity]++;
      this.#onIncident(severity, reportText(bytes));
    } else if (priority === STATSD_PRIORITY) this.#receive(decode(bytes), 'queue');
    else this.otherMessages++;
  }

  /** @param from - the sender of the datagram. */
  receiveFromUDP(bytes: Uint8Array, from?: Sender): void {
    if (bytes.length > 0) this.#receive(decodeLines(bytes), 'udp', from); // an empty datagram asks whether anybody listens
  }

  /** Hands a metric to every output. */
  pass(metric: Decoded): void {
    const ruled = this.rules === undefined ? metric : this.rules.apply(metric);
    if (ruled === undefined) return;
    for (const output of this.outputs) output.ingest(ruled);
  }

  /** Takes a client's report, and the exemplars in it. Returns whether the line is a report. */
  #takeReport(line: string): boolean {
    if (!this.clients.note(line)) return false;
    for (const { exemplar, ...named } of readExemplars(line)) {
      const metric: Decoded = { type: 'timer', ...named, values: [], rate: 1 };
      const ruled = this.rules === undefined ? metric : this.rules.apply(metric);
      if (ruled === undefined) continue;
      for (const output of this.outputs) output.ingestExemplar?.(ruled, exemplar);
    }
    return true;
  }

  #passEvent(line: string): void {
    for (const output of this.outputs) output.ingestEvent?.(line);
  }

  /** The share of samples that clients didn't drop, in per cent. Clients report it. Undefined if no client does. */
  get completenessPercent(): number | undefined {
    return this.clients.completeness.percent ?? this.completeness.percent;
  }

  /** Adds what an input has counted in its own thread. */
  count(input: InputName, { messages, samples }: CountedParts): void {
    this[input].messages += messages;
    this[input].samples += samples;
  }

  /** Takes the metrics of a line or a message. Returns false if it was only a client's report about itself. */
  take({ metrics, bad, events, ...rest }: DecodeResult, input: InputName, from?: Sender): boolean {
    const counts = this[input];
    const serviceChecks = rest.serviceChecks.filter((line) => !this.#takeReport(line));
    // Reports don't count as messages here, because clients don't count them either, and the two numbers are compared.
    const isReport = rest.serviceChecks.length > serviceChecks.length;
    if (isReport && metrics.length + bad.length + events.length + serviceChecks.length === 0) return false;
    if (bad.length > 0) this.#onBadLine(input, bad[0]!, from);
    counts.badLines += bad.length;
    counts.events += events.length;
    counts.serviceChecks += serviceChecks.length;
    for (const line of events) this.#passEvent(line);
    for (const line of serviceChecks) this.#passEvent(line);
    for (const metric of metrics) {
      counts.samples +=
        metric.type === 'timer' ? metric.values.length : metric.type === 'set' ? metric.members.length : 1;
      this.completeness.note(metric);
      this.takeKnown(metric);
    }
    return true;
  }

  /** Takes a metric that is no client's report about itself. */
  takeKnown(metric: Decoded): void {
    this.pass(metric.type === 'gauge' ? this.#resolved(metric) : metric);
  }

  #resolved(gauge: Decoded & { type: 'gauge' }): Decoded {
    const resolved = this.gauges.resolve(gauge);
    return gauge.samples === undefined ? resolved : { ...resolved, samples: gauge.samples };
  }

  #receive(result: DecodeResult, input: InputName, from?: Sender): void {
    if (this.take(result, input, from)) this[input].messages++;
  }
}

const LONGEST_REPORT = 500;

/** The text of an incident report as a line. The text ends at the first NUL, because C programs leave other bytes behind it. */
function reportText(bytes: Uint8Array): string {
  const [text = ''] = Buffer.from(bytes).toString('utf8').split('\0');
  return printable(text.slice(0, LONGEST_REPORT));
}
