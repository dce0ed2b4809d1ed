import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Totals } from '@afstatsd/testing';
import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { useStage } from '../support/stage.js';

const core = path.dirname(require.resolve('../../../package.json'));
const mqueue = path.resolve(require.resolve('@afstatsd/mqueue/package.json'), '..');

/** Installs a copy of the package as a dependency of its own, and returns the file that it starts at. */
function install(into: string, version: string): string {
  const scope = path.join(into, 'node_modules', '@afstatsd');
  const copy = path.join(scope, 'core');
  mkdirSync(scope, { recursive: true });
  cpSync(path.join(core, 'dist', 'src'), path.join(copy, 'dist', 'src'), { recursive: true });
  const manifest = JSON.parse(readFileSync(path.join(core, 'package.json'), 'utf8')) as object;
  writeFileSync(path.join(copy, 'package.json'), JSON.stringify({ ...manifest, version }));
  symlinkSync(mqueue, path.join(scope, 'mqueue'));
  return path.join(copy, 'dist', 'src', 'index.js');
}

describe('two copies of the package', () => {
  const at = useStage();
  let folder: string;
  before(() => (folder = mkdtempSync(path.join(tmpdir(), 'afstatsd-'))));
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const [what, other] of [
    ['of one version', '0.1.0'],
    ['of two minor versions', '0.2.0'],
  ] as const) {
    it(`${what}, one required and one imported, share one client per thread`, async () => {
      const files = ['0.1.0', other].map((version, i) =>
        install(path.join(folder, `${other}-${i}`), version),
      );
      const script = path.join(__dirname, '..', 'programs', 'two-copies.mjs');
      const { code, stdout, stderr } = await at.run(script, files).ended();
      expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
      const lines = stdout.trim().split('\n');
      expect(lines.map((line) => JSON.parse(line) as unknown)).to.deep.equal(
        ['main', 'worker'].map((prefix) => ({ prefix, copies: true, shared: true })),
      );
      // One message of each thread, hence from one client.
      const messages = at.queue.readAll().map(({ text }) => new Totals().add(text).counters);
      const ofThread = (prefix: string): Map<string, number> =>
        new Map([
          [`${prefix}.hits`, 2],
          [`${prefix}.only.b`, 1],
        ]);
      expect(messages).to.have.deep.members([ofThread('main'), ofThread('worker')]);
    });
  }
});
