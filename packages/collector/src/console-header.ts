import { describeAddress } from './config/address.js';
import type { CollectorOptions } from './config/options.js';
import { measured } from './output/console-table.js';
import type { OutputStats } from './output/output.js';
import type { InputCounts, Receiver } from './receiver.js';
import { version } from './version.js';

/** The collector's own numbers, as lines above the console's table. */
export class ConsoleHeader {
  readonly #receiver: Receiver;
  readonly #now: () => number;
  readonly #began: number;
  #before: { at: number; queue: InputCounts; udp: InputCounts };

  /** @param now - a clock in ms that never goes back. */
  constructor(receiver: Receiver, now: () => number = () => performance.now()) {
    this.#receiver = receiver;
    this.#now = now;
    this.#began = now();
    this.#before = { at: this.#began, queue: { ...receiver.queue }, udp: { ...receiver.udp } };
  }

  /** Rates are those since the last call. */
  lines({ queue, udp }: Pick<CollectorOptions, 'queue' | 'udp'>, outputs: readonly OutputStats[]): string[] {
    const { queueDepth, queueCapacity, completeness } = this.#receiver;
    const { percent } = completeness;
    const now = this.#now();
    const seconds = Math.max(1, now - this.#before.at) / 1000;
    const inputs: string[] = [];
    if (queue !== false) {
      const capacity = queueCapacity === undefined ? '' : ` of ${queueCapacity}`;
      inputs.push(`queue    ${this.#input('queue', 'messages', seconds)}, ${queueDepth}${capacity} waiting`);
    }
    if (udp !== false) inputs.push(`UDP      ${this.#input('udp', 'datagrams', seconds)}`);
    this.#before = { at: now, queue: { ...this.#receiver.queue }, udp: { ...this.#receiver.udp } };
    return [
      `afstatsd-collector ${version}, process ${process.pid}, up ${duration(now - this.#began)}, ${new Date().toISOString().slice(0, 19)}Z`,
      ...inputs,
      `outputs  ${describeOutputs(outputs)}`,
      ...(percent === undefined ? [] : [`clients' samples ${percent.toFixed(2)} % complete`]),
    ];
  }

  #input(name: 'queue' | 'udp', messages: string, seconds: number): string {
    const [now, before] = [this.#receiver[name], this.#before[name]];
    const perSecond = (key: 'messages' | 'samples'): string => measured((now[key] - before[key]) / seconds);
    return `${perSecond('messages')} ${messages}/s, ${perSecond('samples')} samples/s, ${now.samples} in all, ${now.badLines} bad`;
  }
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

/** The inputs, for people: `queue /afcollectorapi and UDP 127.0.0.1:8125`. */
export function describeInputs({ queue, udp }: Pick<CollectorOptions, 'queue' | 'udp'>): string {
  const inputs = [
    queue === false ? '' : `queue ${queue}`,
    udp === false ? '' : `UDP ${describeAddress(udp)}`,
  ];
  return inputs.filter((input) => input !== '').join(' and ');
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
