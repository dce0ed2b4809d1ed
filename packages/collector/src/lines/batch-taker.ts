import { performance } from 'node:perf_hooks';
import type { Decoded } from '@afstatsd/core';
import type { InputName, Receiver } from '../receiver.js';
import { KnownMetric } from '../known-metric.js';
import { type LineRun, LineRuns } from './line-runs.js';
import { type Grammar, readPlainly } from './plain-line.js';
import { LINE, type ReadBatch } from './read-batch.js';

/** The longest time that a slice holds the event loop, in ms. */
const SLICE_MS = 5;
/** The number of metrics between two looks at the clock. */
const STEP = 64;
const BYTES_OF_A_METRIC = 64;
/** The most values of a timer, or members of a set, that are handed on at once. */
const PIECE = 1024;

type KnownValues = Decoded & { type: 'timer' | 'set' };

/**
 * Hands the batches of an input's thread to the receiver, in the main thread. Batches are taken in slices, so that scrapers get
 * their answers in between. Without slices a busy reader would hold the event loop: it always has the next batch ready, and a
 * port for messages gives the event loop back only when it is empty.
 */
export class BatchTaker {
  readonly #receiver: Receiver;
  readonly #input: InputName;
  readonly #grammar: Grammar;
  /** The known metrics, by number. */
  readonly #known: (KnownMetric | KnownValues)[] = [];
  readonly #waiting: { readonly steps: Iterator<void>; readonly onTaken: () => void }[] = [];

  constructor(receiver: Receiver, input: InputName) {
    this.#receiver = receiver;
    this.#input = input;
    this.#grammar = input === 'queue' ? 'queue' : 'lines';
  }

  /** Takes a batch in later turns of the event loop. Calls `onTaken` when the whole batch was handed on. */
  take(batch: ReadBatch, onTaken: () => void): void {
    this.#waiting.push({ steps: this.#steps(batch), onTaken });
    if (this.#waiting.length === 1) setImmediate(() => this.#slice());
  }

  /** Hands on all waiting batches at once. */
  finish(): void {
    while (this.#waiting.length > 0) this.#step();
  }

  #slice(): void {
    const end = performance.now() + SLICE_MS;
    while (this.#waiting.length > 0 && performance.now() < end) this.#step();
    if (this.#waiting.length > 0) setImmediate(() => this.#slice());
  }

  #step(): void {
    const { steps, onTaken } = this.#waiting[0]!;
    if (steps.next().done !== true) return;
    this.#waiting.shift();
    onTaken();
  }

  /** Hands a batch on, and pauses after every few metrics. */
  *#steps(batch: ReadBatch): Generator<void> {
    const { ids, counts, numbers, members } = batch;
    const lines = new LineRuns(batch);
    this.#receiver.count(this.#input, batch);
    let [number, member] = [0, 0];
    for (let entry = 0, work = 0; entry < ids.length; entry++) {
      if (++work >= STEP) {
        yield;
        work = 0;
      }
      const id = ids[entry]!;
      if (id === LINE) {
        const run = lines.at(entry);
        this.#takeLines(run);
        entry += run.lines - 1;
        work += run.lines + run.bytes / BYTES_OF_A_METRIC;
        continue;
      }
      const known = this.#known[id]!;
      const samples = counts[entry]!;
      if (known instanceof KnownMetric) {
        known.take(numbers[number++]!, samples);
        continue;
      }
      switch (known.type) {
        case 'timer':
          for (const end = number + samples; number < end; work += PIECE) {
            if (work >= STEP) yield;
            const values = Array.from(numbers.subarray(number, (number = Math.min(end, number + PIECE))));
            this.#receiver.takeKnown({ ...known, values });
          }
          break;
        case 'set':
          for (const end = member + samples; member < end; work += PIECE) {
            if (work >= STEP) yield;
            const piece = members.slice(member, (member = Math.min(end, member + PIECE)));
            this.#receiver.takeKnown({ ...known, members: piece });
          }
      }
    }
  }

  #takeLines({ text, isFirst, from, learned }: LineRun): void {
    const result = readPlainly(this.#grammar, text, isFirst);
    const isReport = !this.#receiver.take(result, this.#input, from);
    // A client's report about itself is a datagram of its own, and doesn't count as a message.
    if (isReport) this.#receiver.count(this.#input, { messages: -1, samples: 0 });
    for (const id of learned) this.#known[id] = this.#knownBy(result.metrics[0]!);
  }

  #knownBy(metric: Decoded): KnownMetric | KnownValues {
    return metric.type === 'timer' || metric.type === 'set'
      ? metric
      : new KnownMetric(metric, this.#receiver);
  }
}
