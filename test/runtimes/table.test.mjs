// The table of docs/runtimes.md: each cell says what a run shows. With AFSTATSD_RUNTIMES_WRITE=1 the cells are written.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LONG } from '@afstatsd/testing';
import { expect } from 'chai';
import { commandOf, needFromNpm } from '../faults/from-npm.mjs';
import { ROWS } from './rows.mjs';
import { BUN, DENO, NODES } from './runtimes.mjs';

const PAGE = join(import.meta.dirname, '../../docs/runtimes.md');
const BEGIN = '<!-- table: written by npm run test:runtimes -- --write -->\n';
const END = '<!-- end of the table -->';
const COLUMNS = [...NODES, BUN, DENO];
const WRITES = process.env.AFSTATSD_RUNTIMES_WRITE === '1';

const titleOf = (column) =>
  column.startsWith('v') ? `Node.js ${column.slice(1)}` : column[0].toUpperCase() + column.slice(1);
const cells = new Map();

function tableOfPage() {
  const page = readFileSync(PAGE, 'utf8');
  const [before, rest] = page.split(BEGIN);
  const [table, after] = rest.split(END);
  return { before, table, after };
}

/** By row and column. */
function readCells() {
  const [head, , ...rows] = tableOfPage()
    .table.trim()
    .split('\n')
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  return Object.fromEntries(
    rows.map(([row, ...said]) => [row, Object.fromEntries(said.map((cell, i) => [head[i + 1], cell]))]),
  );
}

function write() {
  const { before, after } = tableOfPage();
  const lines = [
    ['', ...COLUMNS.map(titleOf)],
    ['---', ...COLUMNS.map(() => '---')],
    ...Object.keys(ROWS).map((row) => [
      row,
      ...COLUMNS.map((column) => cells.get(`${row} ${column}`) ?? 'FAILED'),
    ]),
  ];
  const table = lines.map((line) => `| ${line.join(' | ')} |`).join('\n');
  writeFileSync(PAGE, `${before}${BEGIN}\n${table}\n\n${END}${after}`);
}

for (const column of LONG ? COLUMNS : [NODES.at(-1), BUN, DENO]) {
  describe(`runtimes: docs/runtimes.md on ${titleOf(column)}`, () => {
    needFromNpm(titleOf(column), () => commandOf(column));
    for (const [row, outcomeOf] of Object.entries(ROWS)) {
      it(row, async () => {
        const outcome = await outcomeOf(column);
        cells.set(`${row} ${column}`, outcome);
        if (!WRITES) expect(readCells()[row]?.[titleOf(column)], 'the cell of the page').to.equal(outcome);
      });
    }
  });
}

if (WRITES) after(write);
