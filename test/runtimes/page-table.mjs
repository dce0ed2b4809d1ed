// The tables of docs/runtimes.md: each cell says what a run shows. With AFSTATSD_RUNTIMES_WRITE=1 the cells are written.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';

const PAGE = join(import.meta.dirname, '../../docs/runtimes.md');
const END = '<!-- end of the table -->';
const WRITES = process.env.AFSTATSD_RUNTIMES_WRITE === '1';

/** Makes a cell's key. */
const keyOf = (row, column) => `${row} | ${column}`;

/**
 * A table of the page, to be called once a file of tests.
 *
 * @param {string} name - as its first comment in the page has it.
 * @param {readonly string[]} columns - their titles.
 * @param {readonly string[]} rows - their titles.
 * @returns {(row: string, column: string, run: () => Promise<string>) => Promise<void>} tries a cell, which `run` returns.
 */
export function pageTable(name, columns, rows) {
  const begin = `<!-- table of ${name}: written by npm run test:runtimes -- --write -->\n`;
  const cells = new Map();

  function partsOfPage() {
    const [before, rest] = readFileSync(PAGE, 'utf8').split(begin);
    const at = rest.indexOf(END);
    return { before, table: rest.slice(0, at), after: rest.slice(at) };
  }

  /** By row and column. */
  function readCells() {
    const [head, , ...lines] = partsOfPage()
      .table.trim()
      .split('\n')
      .map((line) =>
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      );
    return new Map(lines.flatMap(([row, ...said]) => said.map((cell, i) => [keyOf(row, head[i + 1]), cell])));
  }

  /** A cell that didn't run stays as it is. */
  function write() {
    if (cells.size === 0) return;
    const { before, after: behind } = partsOfPage();
    const old = readCells();
    const cell = (row, column) => {
      const key = keyOf(row, column);
      return cells.get(key) ?? old.get(key) ?? 'not run';
    };
    const lines = [
      ['', ...columns],
      ['---', ...columns.map(() => '---')],
      ...rows.map((row) => [row, ...columns.map((column) => cell(row, column))]),
    ];
    const table = lines.map((line) => `| ${line.join(' | ')} |`).join('\n');
    writeFileSync(PAGE, `${before}${begin}\n${table}\n\n${behind}`);
  }

  if (WRITES) after(write);

  return async (row, column, run) => {
    const key = keyOf(row, column);
    cells.set(key, 'FAILED');
    const outcome = await run();
    cells.set(key, outcome);
    if (!WRITES) expect(readCells().get(key), 'the cell of the page').to.equal(outcome);
  };
}
