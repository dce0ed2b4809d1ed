import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { useDirectories, usePrograms } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { PACKAGE, useAutoPrograms } from './support/run.js';

/** A package in a folder of its own. */
interface Library {
  readonly name: string;
  readonly version: string;
  readonly file: string;
  readonly text: string;
}

const PROGRAM = `
const { prototype } = require('pg/lib/query.js');
if (String(prototype.submit) !== 'submit() { return 7; }') throw new Error('changed');
const Command = require('ioredis/built/Command.js').default;
console.log(new prototype.constructor().submit(), new Command().sent());
`;

describe('A library that is not known', () => {
  const newDirectory = useDirectories();
  const programs = usePrograms();

  it('is left as it is, in an unknown version or without the methods, and the app goes on', async () => {
    const folder = newDirectory();
    const libraries: Library[] = [
      {
        name: 'pg',
        version: '9.0.0',
        file: 'lib/query.js',
        text: 'module.exports = class Query { submit() { return 7; } };',
      },
      {
        name: 'ioredis',
        version: '6.99.0',
        file: 'built/Command.js',
        text: 'exports.default = class { sent() { return 8; } };',
      },
    ];
    for (const { name, version, file, text } of libraries) {
      const at = path.join(folder, 'node_modules', name);
      mkdirSync(path.dirname(path.join(at, file)), { recursive: true });
      writeFileSync(path.join(at, file), text);
      writeFileSync(path.join(at, 'package.json'), JSON.stringify({ name, version }));
    }
    const program = path.join(folder, 'app.cjs');
    writeFileSync(program, PROGRAM);
    const { code, stdout, stderr } = await programs
      .node(['--import', '@afstatsd/auto', program], { cwd: PACKAGE })
      .ended();
    expect({ code, stdout }).to.deep.equal({ code: 0, stdout: '7 8\n' });
    expect(stderr.match(/@afstatsd\/auto/g)).to.have.length(2);
    expect(stderr).to.contain("@afstatsd/auto/pg: pg 9.0.0 isn't recorded, because only 8.x is known");
    expect(stderr).to.contain(
      '@afstatsd/auto/ioredis: threw "TypeError: there is no method \\"initPromise\\"", and the app went on',
    );
  });
});

describe('A message that no library publishes', () => {
  const run = useAutoPrograms();

  it('does no harm, and one line for each part says what it threw', async () => {
    const { code, stdout, stderr } = await run('junk.cjs');
    expect({ code, stdout }).to.deep.equal({ code: 0, stdout: 'went on\n' });
    const lines = stderr.split('\n').filter((line) => line.includes('StatsdWarning'));
    const said = lines.map((line) => /@afstatsd\/auto\/([\w-]+): threw/.exec(line)?.[1]);
    expect(said).to.have.members([...new Set(said)]);
    expect(said).to.include.members(['fastify', 'http-client', 'mysql2', 'undici']);
  });
});
