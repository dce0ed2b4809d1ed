/**
 * Records a program without a change of its code: `node --import @afstatsd/auto app.js`. The variable `AFSTATSD_AUTO` chooses what is
 * recorded.
 *
 * @module
 */
import { Statsd } from '@afstatsd/core';
import { describe } from '@afstatsd/core/instrument';
import { type PartName, chosenParts } from './chosen.js';

export type { PartName };

/** The parts that are at work in this process. */
export const parts: readonly PartName[] = chosenParts(process.env['AFSTATSD_AUTO']).filter(start);

function start(part: PartName): boolean {
  try {
    require(`./parts/${part}.js`);
    return true;
  } catch (error) {
    Statsd.warnOnce(`auto ${part}`, () => `@afstatsd/auto/${part} can't start: ${describe(String(error))}`);
    return false;
  }
}
