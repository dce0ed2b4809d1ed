// What docs/guarantees.md names as showing its promises: files, and ends of the faults' tables.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { ENDS } from './faults/ends.cjs';
import { TEST_ENDS } from './faults/test-ends.cjs';
import { links } from './markdown.mjs';

const docs = join(import.meta.dirname, '../docs');
const text = readFileSync(join(docs, 'guarantees.md'), 'utf8');
const section = text.slice(text.indexOf('\n## Which test shows it\n'));
const ends = { ...ENDS, ...TEST_ENDS };

/** The rows of a table, by what its head begins with: what is promised or lost, the bound of a loss, and what shows it. */
function rowsOf(head) {
  const lines = section.slice(section.indexOf(`\n| ${head} `) + 1).split('\n');
  const cells = lines.slice(0, lines.indexOf('')).map((line) => line.slice(2, -2).split(' | '));
  const [names, , ...rows] = cells;
  return rows.map((row) => ({
    what: row[0],
    cells: row.length,
    wanted: names.length,
    bound: row.slice(1, -1).join(),
    by: row.at(-1),
  }));
}

const promises = rowsOf('promise');
const losses = rowsOf('loss');
const namesIn = (rows) => rows.flatMap(({ by }) => [...by.matchAll(/`([^`]+)`/g)].map(([, name]) => name));

describe('docs/guarantees.md', () => {
  it('names for each promise, and for each loss, tests that there are', () => {
    expect(promises).to.have.lengthOf.above(15);
    expect(losses).to.have.lengthOf.above(5);
    for (const { what, cells, wanted, by } of [...promises, ...losses]) {
      expect(cells, what).to.equal(wanted);
      const files = links(by);
      expect(files, what).not.to.be.empty;
      for (const file of files) {
        expect(file, what).to.match(/\/test\/.*\.(test\.mjs|test\.ts|cjs|mjs)$/);
        expect(existsSync(join(docs, file)), `${what}: ${file}`).to.be.true;
        if (!/\.test\.\w+$/.test(file)) continue;
        const test = readFileSync(join(docs, file), 'utf8');
        expect(test, `${what}: ${file}`)
          .to.match(/^\s*(it|itLong|prop)\(/m)
          .and.match(/\bexpect/);
      }
    }
  });

  it('names for each loss its bound', () => {
    for (const { what, bound } of losses) expect(bound.length, what).to.be.above(10);
  });

  it('names ends of a process that are in the tables', () => {
    expect(namesIn([...promises, ...losses]).filter((name) => !(name in ends))).to.deep.equal([]);
  });

  it('names each end of a process at which samples are lost', () => {
    const losing = Object.keys(ends).filter((name) => ends[name].losesPending);
    expect(losing).to.have.lengthOf.above(5);
    const named = namesIn(losses);
    expect(losing.filter((name) => !named.includes(name))).to.deep.equal([]);
  });
});
