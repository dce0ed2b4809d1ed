// Runs scripts/api-docs.mjs on a copy of one package.
import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { itLong } from '@afstatsd/testing';
import { expect } from 'chai';

const repository = join(import.meta.dirname, '..');
const script = join(repository, 'scripts/api-docs.mjs');

describe('the API reference', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'afstatsd-api-docs-'));
  const generated = join(scratch, 'generated');
  const root = join(scratch, 'changed');
  const inRoot = (path) => join(root, path);

  before(() => {
    for (const path of ['packages/mqueue/src', 'packages/mqueue/package.json']) {
      cpSync(join(repository, path), join(generated, path), { recursive: true });
    }
    expect(run(generated)).to.deep.equal({ status: 0, output: '' });
  });

  beforeEach(() => cpSync(generated, root, { recursive: true }));

  afterEach(() => rmSync(root, { recursive: true }));

  after(() => rmSync(scratch, { recursive: true }));

  function run(folder, ...flags) {
    const args = [script, '--root', folder, ...flags];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    return { status, output: stdout + stderr };
  }

  /** Replaces a text in a file by another one, and returns the number of its line. */
  function change(path, from, to) {
    const text = readFileSync(inRoot(path), 'utf8');
    expect(text).to.include(from);
    writeFileSync(inRoot(path), text.replace(from, to));
    return text.slice(0, text.indexOf(from)).split('\n').length;
  }

  it('has what the docstrings say, and passes the check', () => {
    expect(readFileSync(inRoot('docs/api/mqueue.md'), 'utf8')).to.include('Opens a POSIX message queue');
    expect(readFileSync(inRoot('docs/api/README.md'), 'utf8')).to.include('(mqueue.md#openqueue)');
    expect(run(root, '--check')).to.deep.equal({ status: 0, output: '' });
  });

  it('fails the check when a docstring has changed, until it is generated again', () => {
    change('packages/mqueue/src/open-queue.ts', 'Opens a POSIX message queue', 'Opens a queue');
    const { status, output } = run(root, '--check');
    expect(status).to.equal(1);
    expect(output).to.include('docs/api/mqueue.md is out of date: run `npm run docs:api`');
    expect(run(root).status).to.equal(0);
    expect(run(root, '--check').status).to.equal(0);
  });

  itLong('fails the check when a page is missing, or of no entry point', () => {
    rmSync(inRoot('docs/api/mqueue.md'));
    writeFileSync(inRoot('docs/api/gone.md'), '# Gone\n');
    const { status, output } = run(root, '--check');
    expect(status).to.equal(1);
    expect(output).to.include('docs/api/mqueue.md is missing').and.include('docs/api/gone.md is of no entry');
  });

  it('fails the check when an option has no docstring, and says where', () => {
    const path = 'packages/mqueue/src/open-options.ts';
    const line = change(path, '  /** What the handle may do. Required. */\n', '');
    const { status, output } = run(root, '--check');
    expect(status).to.equal(1);
    expect(output).to.include(`${path}:${line}: property OpenOptions.access has no docstring`);
  });

  itLong('fails the check when an exported function, or a parameter, is not described', () => {
    appendFileSync(
      inRoot('packages/mqueue/src/index.ts'),
      'export const bare = 1;\n/** Does something. */\nexport function odd(size: number): number {\n  return size;\n}\n',
    );
    const { status, output } = run(root, '--check');
    expect(status).to.equal(1);
    expect(output).to.match(/mqueue\/src\/index\.ts:\d+: variable bare has no docstring/);
    expect(output).to.match(/mqueue\/src\/index\.ts:\d+: function odd says nothing about size/);
  });

  itLong('fails the check when a docstring links to a name that is not there', () => {
    change('packages/mqueue/src/open-options.ts', '{@link openQueue}', '{@link openQeue}');
    const { status, output } = run(root, '--check');
    expect(status).to.equal(1);
    expect(output).to.include('openQeue');
  });
});
