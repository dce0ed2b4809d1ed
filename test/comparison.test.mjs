// docs/comparison.md names a test for each feature, by its file and its title: there is such a test, and a row without one says why
// the feature isn't there.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import ts from 'typescript-5';

const docs = join(import.meta.dirname, '../docs');
const page = readFileSync(join(docs, 'comparison.md'), 'utf8');

/** The rows of all tables, each as its cells. */
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| ---'))
  .map((line) => line.slice(2, -2).split(' | '));
const features = rows.filter((cells) => cells.at(-1) !== 'test');

/** The tests that a row names: `[title](file)`. */
const testsIn = (cells) =>
  Array.from(cells.at(-1).matchAll(/\[(.*?)\]\((.*?)\)/g), ([, title, file]) => ({ title, file }));

/** The titles of the tests in a file, `it('title', …)`. A template with values in it names several, and is none here. */
function titlesIn(file) {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const titles = [];
  const visit = (node) => {
    if (ts.isCallExpression(node) && node.expression.getText() === 'it') {
      const [title] = node.arguments;
      if (ts.isStringLiteralLike(title)) titles.push(title.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return titles;
}

describe('docs/comparison.md', () => {
  it('has the features of prom-client, Micrometer and nestjs-prometheus', () => {
    const headings = page.match(/^## .*/gm);
    expect(headings).to.deep.equal(['## prom-client', '## Micrometer', '## nestjs-prometheus']);
    expect(features).to.have.length.above(50);
  });

  it('names a test for each feature, or says that it is not there', () => {
    const without = features.filter((cells) => testsIn(cells).length === 0);
    for (const cells of without) {
      expect(cells, cells[0]).to.have.length(3);
      expect(cells[2], cells[0]).to.equal('–');
      expect(cells[1], cells[0]).to.match(/^Not /);
    }
  });

  for (const [feature, ...cells] of features) {
    const tests = testsIn(cells);
    if (tests.length === 0) continue;
    it(`names tests that there are, of ${feature}`, () => {
      for (const { title, file } of tests) expect(titlesIn(join(docs, file)), file).to.include(title);
    });
  }
});
