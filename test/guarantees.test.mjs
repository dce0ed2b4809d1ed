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

/** The last cell of each row says what shows it; a table's head has no link. */
const rows = section
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| ---') && !line.includes('shown by'))
  .map((line) => {
    const cells = line.split(' | ');
    return { what: cells[0].slice(2), by: cells.at(-1) };
  });

describe('docs/guarantees.md', () => {
  it('names for each promise, and for each loss, a test that there is', () => {
    expect(rows).to.have.lengthOf.above(15);
    for (const { what, by } of rows) {
      const files = links(by);
      expect(files, what).not.to.be.empty;
      for (const file of files) {
        expect(file, what).to.match(/\/test\/.*\.(test\.mjs|test\.ts|cjs|mjs)$/);
        expect(existsSync(join(docs, file)), `${what}: ${file}`).to.be.true;
      }
    }
  });

  it('names ends of a process that are in the tables', () => {
    const named = rows.flatMap(({ by }) => [...by.matchAll(/`([^`]+)`/g)].map(([, name]) => name));
    expect(named.filter((name) => !(name in ends))).to.deep.equal([]);
  });
});
