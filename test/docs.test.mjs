// Every code block of the documentation runs, and every relative link leads somewhere.
//
//   ```js, ```mjs, ```cjs   runs; an `import` at the start of a line makes a `js` block a module
//   ```ts                   is checked by tsc, strictly, and what it emits runs
//   ```json                 parses
//   ```json tsconfig        and the next block, if it is ts: that one is compiled with these settings instead
//   ```sh                   isn't run, but each `npm run X` in it has to exist
//   ```js mocha             runs under that test runner; so do `vitest`, and `jest`, whose block is CommonJS
//   ```js norun <reason>    isn't run; the reason is shown in the test's name
//   <!-- expect: text -->   above a block: its output contains the text
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, relative, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { anchors, links, parse } from './markdown.mjs';

const root = join(import.meta.dirname, '..');
// Within the workspace, so that a block finds the packages.
const scratch = join(root, `test/.tmp-docs-${process.pid}`);
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const runnable = ['js', 'mjs', 'cjs', 'ts'];
const readOnly = ['sh', 'console', 'text', 'json', 'jsonc', 'yaml', 'ini', 'diff', 'dockerfile'];

function markdownFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === 'node_modules' || entry.name.startsWith('.')) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return markdownFiles(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

/** What runs a block that is written for a test runner, by the words after its language. */
const require = createRequire(import.meta.url);
const runners = {
  mocha: (file) => [require.resolve('mocha/bin/mocha.js'), '--no-config', file],
  vitest: (file) => [
    join(dirname(require.resolve('vitest/package.json')), 'vitest.mjs'),
    'run',
    '--root',
    scratch,
    file,
  ],
  jest: (file) => [
    require.resolve('jest/bin/jest'),
    '--ci',
    '--no-cache',
    '--config',
    JSON.stringify({ rootDir: scratch, transform: {}, testMatch: ['**/*.test.*'], watchman: false }),
    '--runTestsByPath',
    join(scratch, file),
  ],
};

/** Where a block is written, and what then runs: the file itself or what tsc makes of it. */
function placeOf(file, { language, words, line, code, tsconfig }) {
  const name = `${relative(root, file).replaceAll(/\W/g, '_')}_line_${line}`;
  const kind = /^import\s/m.test(code) ? 'm' : 'c';
  if (tsconfig) return { source: `${name}/program.${kind}ts`, program: `${name}/out/program.${kind}js` };
  if (language === 'ts') return { source: `${name}.${kind}ts`, program: `out/${name}.${kind}js` };
  // Vitest and Jest know tests by their names.
  const extension = `${Object.hasOwn(runners, words) ? 'test.' : ''}${language === 'js' ? `${kind}js` : language}`;
  const source = `${name}.${extension}`;
  return { source, program: source };
}

async function execute(args, { timeout }) {
  // Nothing of a reader's own set-up, and no real queue: metrics stay in memory.
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('AFSTATSD_'));
  const env = { ...Object.fromEntries(inherited), AFSTATSD_URL: 'memory:', NODE_NO_WARNINGS: '1' };
  const child = spawn(process.execPath, args, { cwd: scratch, env, timeout, killSignal: 'SIGKILL' });
  child.stdin.end();
  const ended = new Promise((done) => child.on('close', (code, signal) => done(code ?? signal)));
  const [stdout, stderr, exit] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { exit, stdout, stderr };
}

/** Compiles the project in a folder, and returns the errors. */
async function compile(project, ...options) {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const args = [tsc, '-p', project, '--pretty', 'false', ...options];
  const { stdout, stderr } = await execute(args, { timeout: 120_000 });
  return stdout + stderr;
}

const documents = markdownFiles(root).map((file) => {
  const markdown = readFileSync(file, 'utf8');
  const parsed = parse(markdown).blocks;
  const blocks = parsed.map((block, at) => {
    const { words, code } = parsed[at - 1] ?? {};
    const tsconfig = block.language === 'ts' && words === 'tsconfig' ? code : undefined;
    return { ...block, tsconfig, ...placeOf(file, { ...block, tsconfig }) };
  });
  return { file, title: relative(root, file), markdown, blocks };
});
const isRun = ({ language, words }) => runnable.includes(language) && !words.startsWith('norun');

describe('documentation', () => {
  let typeErrors = '';

  before(async () => {
    mkdirSync(scratch, { recursive: true });
    const blocks = documents.flatMap((document) => document.blocks.filter(isRun));
    for (const { source, line, code } of blocks) {
      mkdirSync(dirname(join(scratch, source)), { recursive: true });
      // Blank lines on top, so that an error names the line of the document.
      writeFileSync(join(scratch, source), '\n'.repeat(line - 1) + code);
    }
    const compiled = blocks.filter(({ language }) => language === 'ts');
    for (const { source, tsconfig } of compiled) {
      if (tsconfig === undefined) continue;
      writeFileSync(join(scratch, dirname(source), 'tsconfig.json'), tsconfig);
      typeErrors += await compile(dirname(source), '--outDir', join(dirname(source), 'out'));
    }
    const include = compiled.filter(({ tsconfig }) => !tsconfig).map(({ source }) => source);
    if (include.length === 0) return;
    const compilerOptions = {
      outDir: 'out',
      rootDir: '.',
      noUnusedLocals: false,
      isolatedDeclarations: false,
    };
    Object.assign(compilerOptions, { composite: false, declaration: false, declarationMap: false });
    const config = { extends: '../../tsconfig.base.json', compilerOptions, include };
    writeFileSync(join(scratch, 'tsconfig.json'), JSON.stringify(config));
    typeErrors += await compile('.');
  });

  after(() => rmSync(scratch, { recursive: true, force: true }));

  for (const { file, title, markdown, blocks } of documents) {
    describe(title, () => {
      for (const block of blocks) checkBlock(block);

      it('has links that lead somewhere', () => {
        expect(links(markdown).filter((target) => !leadsSomewhere(file, target))).to.deep.equal([]);
      });
    });
  }

  function checkBlock(block) {
    const { language, line, words, code } = block;
    const where = `line ${line}: ${language || 'a block'}`;
    if (isRun(block)) {
      it(`${where} runs`, () => checkRun(block));
    } else if (runnable.includes(language)) {
      const reason = words.slice('norun'.length).trim();
      it(`${where} isn't run: ${reason}`, () => expect(reason, 'a reason after norun').to.not.equal(''));
    } else if (language === 'json') {
      it(`${where} parses`, () => JSON.parse(code));
    } else if (['sh', 'console'].includes(language)) {
      it(`${where} names scripts that exist`, () => {
        const named = [...code.matchAll(/npm run (?:-\S+ )*([\w:-]+)/g)].map((match) => match[1]);
        expect(Object.keys(scripts)).to.include.members(named);
      });
    } else if (!readOnly.includes(language)) {
      it(`${where} has a known language`, () => expect([...runnable, ...readOnly]).to.include(language));
    }
  }

  async function checkRun({ source, program, words, expected }) {
    const ownErrors = typeErrors.split('\n').filter((message) => message.startsWith(source));
    expect(ownErrors, 'type errors').to.deep.equal([]);
    const runner = runners[words];
    const { exit, stdout, stderr } = await execute(runner?.(program) ?? [program], { timeout: 120_000 });
    if (runner === undefined) expect({ exit, stderr }).to.deep.equal({ exit: 0, stderr: '' });
    else expect(exit, stdout + stderr).to.equal(0); // Jest reports on stderr
    if (expected !== undefined) expect(stdout).to.include(expected);
  }

  function leadsSomewhere(file, target) {
    if (/^[a-z]+:/.test(target)) return true;
    const [path, anchor] = target.split('#').map(decodeURIComponent);
    const found = path === '' ? file : resolve(dirname(file), path);
    if (!existsSync(found)) return false;
    return !anchor || extname(found) !== '.md' || anchors(readFileSync(found, 'utf8')).has(anchor);
  }
});
