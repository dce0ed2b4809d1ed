import { type Decoded, type DecodeResult, decode, decodeLines } from '@afstatsd/core';
import { readExemplars } from '@afstatsd/core/instrument';
import { Clients } from './clients.js';
import { Completeness } from './completeness.js';
import { GaugeValues } from './gauge-values.js';
import type { Output } from './output/output.js';
import { printable } from './printable.js';
import type { RuledMetrics } from './ruled-metrics.js';

/** What came in through one input. */
export interface InputCounts {
  messages: number;
  samples: number;
  /** Parts of messages that can't be read as a metric. */
  badLines: number;
  /** DogStatsD's events and service checks, which are no metrics. */
  events: number;
  serviceChecks: number;
}

/** What an input has counted in its own thread. */
export interface CountedParts {
  readonly messages: number;
  readonly samples: number;
}

/** An input by which messages come. */
export type InputName = 'queue' | 'udp' | 'tcp' | 'unix';

/** Where a datagram came from. */
export interface Sender {
  readonly address: string;
  readonly port: number;
}

function noCounts(): InputCounts {
  return { messages: 0, samples: 0, badLines: 0, events: 0, serviceChecks: 0 };
}

/** AppFirst's severities of incident reports, by the priority of the message. */
const SEVERITIES = ['information', 'warning', 'critical'] as const;
const STATSD_PRIORITY = 3;
/** As many lines are known as metrics may be held, within these limits. */
const LEAST_KNOWN_LINES = 2 ** 16;
const MOST_KNOWN_LINES = 2 ** 20;

/** Takes messages from the inputs, reads them, and hands each metric to every output. */
export class Receiver {
  readonly queue: InputCounts = noCounts();
  readonly udp: InputCounts = noCounts();
  readonly tcp: InputCounts = noCounts();
  readonly unix: InputCounts = noCounts();
  /** The inputs whose counts are reported: the first two always, the others once they were asked for. */
  readonly reported: Set<InputName> = new Set(['queue', 'udp']);
  /** Incident reports by severity. They are shown, and never read as metrics. */
  readonly incidents: Record<(typeof SEVERITIES)[number], number> = {
    information: 0,
    warning: 0,
    critical: 0,
  };
  /** Messages of other priorities: AppFirst's polled data, which is none of ours. */
  otherMessages = 0;
  /** Datagrams that the kernel dropped, because they came faster than they were read, where it says so. */
  udpDropped = 0;
  countsUdpDrops = false;
  /** TCP connections that are open, and that were refused, because too many were. */
  tcpConnections = 0;
  tcpRefused = 0;
  /** Messages in the queue after the last look. */
  queueDepth = 0;
  /** Messages that the queue has room for; undefined where none is read. */
  queueCapacity: number | undefined;
  readonly completeness: Completeness = new Completeness();
  readonly clients: Clients = new Clients();
  readonly gauges: GaugeValues;
  outputs: readonly Output[] = [];
  /** What becomes of metrics before outputs have them. Default: nothing. */
  rules: RuledMetrics | undefined;
  readonly #onIncident: (severity: string, text: string) => void;
  readonly #onBadLine: (input: InputName, line: string, from: Sender | undefined) => void;

  /**
   * @param maxMetrics - the most gauges whose values are remembered.
   * @param onBadLine - called with the first line of a message that can't be read, as it came, and its sender where the input
   * knows it. Default: nothing is.
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

  /** How many metrics an input's thread knows by how they are written, at most. */
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

  /** @param from - who sent it, by the datagram. */
  receiveFromUDP(bytes: Uint8Array, from?: Sender): void {
    if (bytes.length > 0) this.#receive(decodeLines(bytes), 'udp', from); // an empty datagram asks whether anybody listens
  }

  /** Hands a metric to every output. */
  pass(metric: Decoded): void {
    const ruled = this.rules === undefined ? metric : this.rules.apply(metric);
    if (ruled === undefined) return;
    for (const output of this.outputs) output.ingest(ruled);
  }

  /** Takes a client's report, and the exemplars in it. Returns whether the line is one. */
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

  /** The share of samples that clients didn't have to drop, in per cent, by what they say of themselves; undefined when none does. */
  get completenessPercent(): number | undefined {
    return this.clients.completeness.percent ?? this.completeness.percent;
  }

  /** Adds what an input has counted in its own thread. */
  count(input: InputName, { messages, samples }: CountedParts): void {
    this[input].messages += messages;
    this[input].samples += samples;
  }

  /** Takes what was read of a line, or of a message. Returns whether that was anything but a client's report of itself. */
  take({ metrics, bad, events, ...rest }: DecodeResult, input: InputName, from?: Sender): boolean {
    const counts = this[input];
    const serviceChecks = rest.serviceChecks.filter((line) => !this.#takeReport(line));
    // A client counts its reports as no messages, so that its messages can be compared with those that came in.
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

  /** Takes a metric that is no client's report on itself. */
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

/** The text of an incident report as a line for people: what a C program left behind the end is cut. */
function reportText(bytes: Uint8Array): string {
  const [text = ''] = Buffer.from(bytes).toString('utf8').split('\0');
  return printable(text.slice(0, LONGEST_REPORT));
}
