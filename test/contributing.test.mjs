// What CONTRIBUTING.md says about tests that may be skipped, beside what skips them and what CI installs.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REQUIREMENTS } from '@afstatsd/testing';
import { expect } from 'chai';

const root = join(import.meta.dirname, '..');
const read = (file) => readFileSync(join(root, file), 'utf8');

/** The cells of each row of the first table after a heading. */
function tableAfter(heading) {
  const lines = read('CONTRIBUTING.md').split('\n');
  const start = lines.findIndex((line, at) => at > lines.indexOf(heading) && line.startsWith('| ---'));
  const rows = lines.slice(start + 1);
  return rows.slice(0, rows.indexOf('')).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const names = (cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
const requirements = Object.values(REQUIREMENTS);

describe('the table of tests that may be skipped, in CONTRIBUTING.md,', () => {
  const table = tableAfter('### Tests that may be skipped');

  it('has a row for each thing that a test needs, with its Debian packages, and no other', () => {
    const rows = table.map(([what, packages]) => ({ what, packages: names(packages) }));
    expect(rows).to.have.deep.members(requirements.map(({ what, packages }) => ({ what, packages })));
  });

  it('names tests that there are', () => {
    for (const [what, , tests] of table) {
      expect(names(tests), what).not.to.be.empty;
      for (const path of names(tests)) expect(existsSync(join(root, path)), path).to.be.true;
    }
  });

  it('names the packages that CI installs', () => {
    const needed = new Set(requirements.flatMap(({ packages }) => packages));
    expect(read('.ci/packages.txt').trim().split('\n')).to.have.members([...needed]);
  });
});
