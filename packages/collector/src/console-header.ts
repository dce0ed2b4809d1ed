import { describeAddress } from './config/address.js';
import type { CollectorOptions } from './config/options.js';
import { measured } from './output/console/table.js';
import type { OutputStats } from './output/output.js';
import type { InputCounts, InputName, Receiver } from './receiver.js';
import { version } from './version.js';

/** The options that say which inputs there are. */
type InputOptions = Pick<CollectorOptions, 'queue' | 'udp' | 'tcp' | 'unix'>;

/** The inputs that are sockets: the option, its name for people, and the unit of its messages. */
const SOCKETS = [
  ['udp', 'UDP', 'datagrams'],
  ['tcp', 'TCP', 'lines'],
  ['unix', 'UNIX', 'datagrams'],
] as const;

/** The collector's own numbers, as lines above the console's table. */
export class ConsoleHeader {
  readonly #receiver: Receiver;
  readonly #now: () => number;
  readonly #began: number;
  #before: { readonly at: number; readonly counts: Record<InputName, InputCounts> };

  /** @param now - a clock in ms that never goes back. */
  constructor(receiver: Receiver, now: () => number = () => performance.now()) {
    this.#receiver = receiver;
    this.#now = now;
    this.#began = now();
    this.#before = { at: this.#began, counts: countsOf(receiver) };
  }

  /** The lines of the header. Rates are since the last call. */
  lines(options: InputOptions, outputs: readonly OutputStats[]): string[] {
    const { queueDepth, queueCapacity, completenessPercent: percent } = this.#receiver;
    const now = this.#now();
    const seconds = Math.max(1, now - this.#before.at) / 1000;
    const inputs: string[] = [];
    if (options.queue !== false) {
      const capacity = queueCapacity === undefined ? '' : ` of ${queueCapacity}`;
      inputs.push(`queue    ${this.#input('queue', 'messages', seconds)}, ${queueDepth}${capacity} waiting`);
    }
    for (const [name, shown, messages] of SOCKETS) {
      if (options[name].length > 0)
        inputs.push(`${shown.padEnd('outputs  '.length)}${this.#input(name, messages, seconds)}`);
    }
    this.#before = { at: now, counts: countsOf(this.#receiver) };
    return [
      `afstatsd-collector ${version}, process ${process.pid}, up ${duration(now - this.#began)}, ${new Date().toISOString().slice(0, 19)}Z`,
      ...inputs,
      `outputs  ${describeOutputs(outputs)}`,
      ...describeServed(outputs),
      ...(percent === undefined ? [] : [`clients' samples ${percent.toFixed(2)} % complete`]),
    ];
  }

  #input(name: InputName, messages: string, seconds: number): string {
    const [now, before] = [this.#receiver[name], this.#before.counts[name]];
    const perSecond = (key: 'messages' | 'samples'): string => measured((now[key] - before[key]) / seconds);
    return `${perSecond('messages')} ${messages}/s, ${perSecond('samples')} samples/s, ${now.samples} in all, ${now.badLines} bad`;
  }
}

function countsOf({ queue, udp, tcp, unix }: Receiver): Record<InputName, InputCounts> {
  return { queue: { ...queue }, udp: { ...udp }, tcp: { ...tcp }, unix: { ...unix } };
}

function describeOutputs(outputs: readonly OutputStats[]): string {
  const sum = (numberOf: (output: OutputStats) => number): number =>
    outputs.reduce((total, output) => total + numberOf(output), 0);
  const held = outputs.reduce((most, output) => Math.max(most, output.held ?? 0), 0);
  const most = outputs.find(({ maxMetrics }) => maxMetrics !== undefined)?.maxMetrics;
  const lost = sum(({ dropped }) => Object.values(dropped).reduce((total, one) => total + one, 0));
  const waiting = sum(({ waitingBytes = 0 }) => waitingBytes);
  return [
    `${outputs.length}, holding ${held}${most === undefined ? '' : ` of ${most}`} metrics`,
    `${sum(({ errors }) => errors)} errors`,
    `${lost} samples lost`,
    ...(waiting > 0 ? [`${waiting} bytes waiting`] : []),
  ].join(', ');
}

/** The addresses of outputs that serve something. The header has them, so that they stay in sight while the table is drawn. */
function describeServed(outputs: readonly OutputStats[]): string[] {
  const urls = outputs.flatMap(({ name }) => /^(?:page|prometheus) (\S+)$/.exec(name)?.[1] ?? []);
  return urls.length === 0 ? [] : [`serving  ${urls.join('  ')}`];
}

/** The inputs, for people: `queue /afcollectorapi and UDP 127.0.0.1:8125`. */
export function describeInputs({ queue, udp, tcp, unix }: InputOptions): string {
  const inputs = [
    ...(queue === false ? [] : [`queue ${queue}`]),
    ...udp.map((address) => `UDP ${describeAddress(address)}`),
    ...tcp.map((address) => `TCP ${describeAddress(address)}`),
    ...unix.map((path) => `UNIX socket ${path}`),
  ];
  return inputs.join(' and ');
}

/** A duration for people: `2d 3h`, `4m 5s`. */
function duration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ] as const;
  const first = parts.findIndex(([number]) => number > 0);
  if (first < 0) return '0s';
  return parts
    .slice(first, first + 2)
    .map(([number, unit]) => `${number}${unit}`)
    .join(' ');
}
