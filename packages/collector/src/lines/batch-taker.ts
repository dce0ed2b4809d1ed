import type { Decoded } from '@afstatsd/core';
import type { InputName, Receiver } from '../receiver.js';
import { OTHER, type ReadBatch } from './read-batch.js';

/** Hands what an input's thread has read to the receiver, in the main thread. */
export class BatchTaker {
  readonly #receiver: Receiver;
  readonly #input: InputName;
  /** What known metrics are, by number. */
  readonly #known: Decoded[] = [];

  constructor(receiver: Receiver, input: InputName) {
    this.#receiver = receiver;
    this.#input = input;
  }

  take(batch: ReadBatch): void {
    const { ids, counts, numbers, members, others, learned } = batch;
    this.#receiver.count(this.#input, batch);
    let [other, number, member, lesson] = [0, 0, 0, 0];
    for (let entry = 0; entry < ids.length; entry++) {
      const id = ids[entry]!;
      if (id === OTHER) {
        this.#receiver.take(others[other]!);
        for (; lesson < learned.length && learned[lesson]![1] === other; lesson++)
          this.#known[learned[lesson]![0]] = others[other]!;
        other++;
        continue;
      }
      const known = this.#known[id]!;
      const { name, tags } = known;
      const samples = counts[entry]!;
      // Written out, because this runs for each metric of each batch.
      switch (known.type) {
        case 'counter': {
          const value = numbers[number++]!;
          this.#receiver.takeKnown(
            tags === undefined
              ? { type: 'counter', name, value, rate: 1, samples }
              : { type: 'counter', name, tags, value, rate: 1, samples },
          );
          break;
        }
        case 'gauge': {
          const value = numbers[number++]!;
          this.#receiver.takeKnown(
            tags === undefined
              ? { type: 'gauge', name, value, samples }
              : { type: 'gauge', name, tags, value, samples },
          );
          break;
        }
        case 'timer': {
          const values = Array.from(numbers.subarray(number, (number += samples)));
          this.#receiver.takeKnown({ ...known, values });
          break;
        }
        case 'set':
          this.#receiver.takeKnown({ ...known, members: members.slice(member, (member += samples)) });
      }
    }
  }
}
