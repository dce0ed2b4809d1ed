// Every end of a process × receivers × realms × versions of Node.js: what the program recorded, what its ledger says and what the
// receiver counted are the same, or differ by the loss that docs/guarantees.md names.
import { LONG } from '@afstatsd/testing';
import { ahead } from './ahead.mjs';
import { expectPromised, isIn, runCell } from './cell.mjs';
import { NEWEST, needFromNpm, nodeOf } from './from-npm.mjs';
import { REALMS } from './realms.mjs';
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
      needFromNpm(`Node.js ${version}`, () => nodeOf(version));
      for (const realm of realms) {
        const { ends, needs } = REALMS[realm];
        describe(`in ${realm}`, () => {
          if (needs !== undefined) needFromNpm(realm, needs);
          for (const receiver of receivers) {
            const cells = Object.keys(ends)
              .filter((end) => isIn(version, ends[end]))
              .filter((end) => READY.includes(receiver) || ends[end].anywhere)
              .map((end) => ({ end, receiver, realm, version }));
            if (cells.length === 0) continue;
            const outcomeOf = ahead(cells, runCell);
            describe(`that sends to ${receiver}`, () => {
              for (const cell of cells) {
                it(`one that ${cell.end}`, async () => expectPromised(cell, await outcomeOf(cell)));
              }
            });
          }
        });
      }
    });
  }
});
