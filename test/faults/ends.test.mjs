// Every end of a process × receivers × realms × versions of Node.js: what the program recorded, what its ledger says and what the
// receiver counted are the same, or differ by the loss that docs/guarantees.md names.
import { LONG } from '@afstatsd/testing';
import { ahead } from './ahead.mjs';
import { REALMS, expectPromised, isIn, runCell } from './cell.mjs';
import { ENDS } from './ends.cjs';
import { needNode } from './need-node.mjs';
import { NEWEST } from './other-node.mjs';
import { READY, RECEIVERS } from './receivers.mjs';

/** Of each kind one: that takes what is sent, that is full, that is away. */
const SHORT_RECEIVERS = [
  'the queue',
  'UDP',
  'a full queue that is read again',
  'a full queue that nobody reads',
  'neither queue nor listener',
];

const versions = LONG ? new Set([process.version, NEWEST]) : [process.version];
const realms = LONG ? Object.keys(REALMS) : ['a plain script'];
const receivers = LONG ? Object.keys(RECEIVERS) : SHORT_RECEIVERS;

describe('faults: the ends of a process', () => {
  for (const version of versions) {
    describe(`of Node.js ${version}`, () => {
      needNode(version);
      for (const realm of realms) {
        for (const receiver of receivers) {
          describe(`in ${realm} that sends to ${receiver}`, () => {
            const cells = Object.keys(ENDS)
              .filter((end) => isIn(version, ENDS[end]))
              .filter((end) => READY.includes(receiver) || ENDS[end].anywhere)
              .map((end) => ({ end, receiver, realm, version }));
            const outcomeOf = ahead(cells, runCell);
            for (const cell of cells) {
              it(`a process that ${cell.end}`, async () => expectPromised(cell, await outcomeOf(cell)));
            }
          });
        }
      }
    });
  }
});
