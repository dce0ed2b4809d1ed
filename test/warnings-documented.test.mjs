// What the packages can say to people, as a warning or an error, is on a page that says what to do about it.
//
// The texts are taken from the sources: what is written as a string or a template in an argument of the calls and errors
// below. Of a template, the longest part between two values counts, up to its sixth word: it has to stand on the page,
// in a code span. A text that is nothing but values (`${name}: ${message}`) passes on what is said elsewhere. The errors
// of mqueue go by their codes.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect } from 'chai';
import ts from 'typescript-5';

const root = join(import.meta.dirname, '..');
const pages = {
  auto: ['docs/auto.md'],
  core: ['docs/troubleshooting.md'],
  decorators: ['docs/troubleshooting.md'],
  express: ['docs/troubleshooting.md'],
  fastify: ['docs/troubleshooting.md'],
  collector: ['docs/operating.md', 'docs/troubleshooting.md'],
};
/** How messages are said, and which of a call's arguments is only the kind, under which it is said once. */
const calls = { warnOnce: 0, once: 0, refuse: 0, warn: undefined, error: undefined };
const errors = new Set(['Error', 'TypeError', 'RangeError', 'BadTag', 'ConfigError']);
const WORDS = 6;

function sources(name) {
  const folder = join(root, 'packages', name, 'src');
  const files = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith('.ts'));
  return files.map((file) => {
    const path = join(folder, file);
    return ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  });
}

/** The arguments in which a node says something. */
function spoken(node) {
  if (ts.isNewExpression(node) && errors.has(node.expression.getText())) return node.arguments ?? [];
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return [];
  const { text: method } = node.expression.name;
  if (!Object.hasOwn(calls, method)) return [];
  return node.arguments.filter((_, at) => at !== calls[method]);
}

/** Its texts, with a NUL for each value; those that are joined by a plus are one. */
function texts(node) {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isTemplateExpression(node)) {
    return [node.head.text + node.templateSpans.map(({ literal }) => `\0${literal.text}`).join('')];
  }
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    return [[node.left, node.right].map((side) => texts(side)[0] ?? '\0').join('')];
  }
  return node.getChildren().flatMap(texts);
}

function fixedWords(text) {
  const [longest] = text.split('\0').toSorted((a, b) => b.length - a.length);
  const words = longest.replace(/^\W+/, '').split(' ').slice(0, WORDS);
  return words.join(' ').replace(/[^\w)"]+$/, '');
}

function collect(source) {
  const found = [];
  const visit = (node) => {
    for (const text of spoken(node).flatMap(texts)) {
      const words = fixedWords(text);
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      if (words !== '') found.push({ words, where: `${relative(root, source.fileName)}:${line + 1}` });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** What the page has in code spans. */
function quoted(page) {
  const markdown = readFileSync(join(root, page), 'utf8').replaceAll(/^```[^]*?^```/gm, '');
  return [...markdown.matchAll(/`([^`]+)`/g)].map(([, code]) => code).join('\n');
}

describe('warnings', () => {
  for (const [name, files] of Object.entries(pages)) {
    it(`of ${name} are all in ${files.join(' or ')}`, () => {
      const said = sources(name).flatMap(collect);
      expect(said, 'what the sources say').to.not.be.empty;
      const text = files.map(quoted).join('\n');
      const missing = said.filter(({ words }) => !text.includes(words));
      expect(missing.map(({ words, where }) => `${where}: ${words}`)).to.deep.equal([]);
    });
  }

  it('of mqueue are all in docs/mqueue.md or docs/troubleshooting.md, by their codes', () => {
    const codes = sources('mqueue').flatMap(
      (source) => source.text.match(/(?<=(?:case |code: )')E[A-Z]+/g) ?? [],
    );
    expect(codes).to.include('ENOENT');
    const text = ['docs/mqueue.md', 'docs/troubleshooting.md'].map(quoted).join('\n');
    expect(codes.filter((code) => !text.includes(code))).to.deep.equal([]);
  });
});
