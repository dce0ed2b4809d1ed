// The table of runtimes in docs/runtimes.md.
import { LONG } from '@afstatsd/testing';
import { commandOf, needFromNpm } from '../faults/from-npm.mjs';
import { pageTable } from './page-table.mjs';
import { ROWS } from './rows.mjs';
import { BUN, DENO, NODES } from './runtimes.mjs';

const COLUMNS = [...NODES, BUN, DENO];
const titleOf = (column) =>
  column.startsWith('v') ? `Node.js ${column.slice(1)}` : column[0].toUpperCase() + column.slice(1);
const cell = pageTable('runtimes', COLUMNS.map(titleOf), Object.keys(ROWS));

for (const column of LONG ? COLUMNS : [NODES.at(-1), BUN, DENO]) {
  describe(`runtimes: docs/runtimes.md on ${titleOf(column)}`, () => {
    needFromNpm(titleOf(column), () => commandOf(column));
    for (const [row, outcomeOf] of Object.entries(ROWS)) {
      it(row, () => cell(row, titleOf(column), () => outcomeOf(column)));
    }
  });
}
