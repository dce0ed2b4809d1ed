// The ends of a process, as test/faults has them for Node.js, in Bun and in Deno.
import { LONG } from '@afstatsd/testing';
import { ahead } from '../faults/ahead.mjs';
import { expectPromised, isIn, runCell } from '../faults/cell.mjs';
import { ENDS } from '../faults/ends.cjs';
import { commandOf, needFromNpm } from '../faults/from-npm.mjs';
import { READY, RECEIVERS } from '../faults/receivers.mjs';
import { BUN, DENO } from './runtimes.mjs';

const realm = 'a plain script';
const SHORT_RECEIVERS = ['the queue', 'UDP', 'a full queue that nobody reads'];

for (const version of [BUN, DENO]) {
  describe(`runtimes: the ends of a process in ${version}`, () => {
    needFromNpm(version, () => commandOf(version));
    for (const receiver of LONG ? Object.keys(RECEIVERS) : SHORT_RECEIVERS) {
      const cells = Object.keys(ENDS)
        .filter((end) => isIn(version, ENDS[end]))
        .filter((end) => READY.includes(receiver) || ENDS[end].anywhere)
        .map((end) => ({ end, receiver, realm, version }));
      const outcomeOf = ahead(cells, runCell);
      describe(`that sends to ${receiver}`, () => {
        for (const cell of cells) {
          it(`one that ${cell.end}`, async () => expectPromised(cell, await outcomeOf(cell)));
        }
      });
    }
  });
}
