import path from 'node:path';
import { Program } from '@afstatsd/testing';
import { type Arrived, arrivedIn } from './arrived.js';

/** The program's file. */
export const MAIN: string = path.join(__dirname, '../../src/main.js');

/** A running `afstatsd-collector`. */
export class CollectorProgram extends Program {
  /** What its `--json` console has printed so far; a line that is still being written is left out. */
  get arrived(): Arrived {
    return arrivedIn(this.stdout);
  }

  async ready(): Promise<this> {
    await this.printed('collector: ready');
    return this;
  }
}
