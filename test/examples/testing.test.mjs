// The example of testing metrics: its program, its tests, and that these fail when the service forgets to record.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { runExample } from './support/run-example.mjs';

const folder = join(import.meta.dirname, '../../examples/testing');
const compiled = join(folder, 'dist/src');
const mocha = createRequire(join(folder, 'package.json')).resolve('mocha/bin/mocha.js');

/** The titles of the tests in a folder that passed and that failed, in a mocha of its own. */
async function runTests(cwd) {
  const args = [mocha, '--no-config', '--reporter', 'json', '*.test.js'];
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('AFSTATSD_'));
  const env = { ...Object.fromEntries(inherited), AFSTATSD_URL: 'null:' };
  const child = spawn(process.execPath, args, { cwd, env, timeout: 60_000, killSignal: 'SIGKILL' });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  expect(stderr).to.equal('');
  const { passes, failures } = JSON.parse(stdout);
  const titles = (tests) => tests.map(({ title }) => title);
  return { passed: titles(passes), failed: titles(failures) };
}

describe('the example of testing metrics', function () {
  it('records what its tests say', async () => {
    const { exit, stdout, stderr, arrived } = await runExample('testing');
    expect(exit, stderr).to.equal(0);
    expect(stdout).to.equal('2 accounts, 2 newsletters\n');
    expect(arrived).to.deep.equal({
      counters: {
        'accounts.sign_ups#plan:free': 2,
        'accounts.refused#reason:taken': 1,
        'newsletter.copies': 2,
      },
      gauges: { 'accounts.total': 2 },
      timers: { 'accounts.session': 1, 'newsletter.send': 2 },
      sets: { 'accounts.active': new Set(['anna']) },
    });
  });

  it('has tests that pass', async () => {
    const { passed, failed } = await runTests(compiled);
    expect(failed).to.deep.equal([]);
    expect(passed).to.have.length(6);
  });

  describe('when the service forgets to record', () => {
    const newsletter = ['counts copies and failures, and times both', 'says that nothing went out'];
    const session = ['records the length of a session, and whose it was'];
    const omissions = [
      {
        file: 'accounts.js',
        statement: "this.#statsd.increment('refused', { tags: { reason: 'taken' } });",
        fails: ['counts a refused sign-up, by its reason, and not as a sign-up'],
      },
      {
        file: 'accounts.js',
        statement: "this.#statsd.increment('sign_ups', { tags: { plan } });",
        fails: ['counts sign-ups by plan'],
      },
      {
        file: 'accounts.js',
        statement: "this.#statsd.gauge('total', this.#plans.size);",
        fails: ['has the number of accounts in a gauge'],
      },
      { file: 'accounts.js', statement: "this.#statsd.set('active', name);", fails: session },
      { file: 'accounts.js', statement: "this.#statsd.timing('session', session);", fails: session },
      {
        file: 'newsletter.js',
        statement: "core_1.Statsd.increment('newsletter.failures');",
        fails: newsletter.slice(0, 1),
      },
      {
        file: 'newsletter.js',
        statement: "core_1.Statsd.updateStats('newsletter.copies', copies);",
        fails: newsletter,
      },
      {
        file: 'newsletter.js',
        statement: "core_1.Statsd.time('newsletter.send', send);",
        instead: 'send;',
        fails: newsletter.slice(0, 1),
      },
    ];
    let copy;

    beforeEach(() => {
      // Within the example, so that it finds the packages.
      copy = mkdtempSync(join(folder, '.tmp-'));
      cpSync(compiled, copy, { recursive: true });
    });
    afterEach(() => rmSync(copy, { recursive: true }));

    for (const { file, statement, instead = '', fails } of omissions) {
      it(`has tests that fail without ${statement}`, async () => {
        const code = readFileSync(join(copy, file), 'utf8');
        expect(code).to.include(statement);
        writeFileSync(join(copy, file), code.replace(statement, instead));
        const { failed } = await runTests(copy);
        expect(failed).to.deep.equal(fails);
      });
    }
  });
});
