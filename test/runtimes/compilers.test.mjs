// TypeScript's versions × NestJS's: examples/nestjs, and examples/decorators-standard, compiled and run with each.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LONG, Totals, until, usePrograms, useQueues } from '@afstatsd/testing';
import { expect } from 'chai';
import { needFromNpm } from '../faults/from-npm.mjs';
import { project } from './from-npm.mjs';

const EXAMPLES = join(import.meta.dirname, '../../examples');
const TYPESCRIPT = ['7.0.2', '6.0.3', '5.9.3'];
const NESTJS = ['12.5.1', '11.2.10'];
const PAGE = readFileSync(join(import.meta.dirname, '../../docs/runtimes.md'), 'utf8');

const dependencies = (nest) => ({
  '@nestjs/common': nest,
  '@nestjs/core': nest,
  '@nestjs/platform-express': nest,
  '@types/node': '20.19.43',
  '@types/express': '5.0.6',
  express: '5.3.0',
  'reflect-metadata': '0.2.2',
  rxjs: '7.8.2',
  ...Object.fromEntries(
    TYPESCRIPT.map((version) => [`typescript-${version[0]}`, `npm:typescript@${version}`]),
  ),
});

for (const nest of LONG ? NESTJS : NESTJS.slice(0, 1)) {
  describe(`runtimes: NestJS ${nest}`, () => {
    needFromNpm(`NestJS ${nest}`, () => project('nestjs', dependencies(nest)));
    const programs = usePrograms();
    const queues = useQueues();

    /** Compiles an example. @returns where its `main.js` is. */
    async function compile(example, typescript, options) {
      const folder = await project('nestjs', dependencies(nest));
      const at = join(folder, `${example}-${typescript}`);
      rmSync(at, { recursive: true, force: true });
      mkdirSync(at);
      cpSync(join(EXAMPLES, example, 'src'), join(at, 'src'), { recursive: true });
      writeFileSync(join(at, 'package.json'), '{ "type": "commonjs" }');
      const compilerOptions = {
        target: 'es2022',
        lib: ['es2022'],
        module: 'nodenext',
        types: ['node'],
        strict: true,
        rootDir: 'src',
        outDir: 'out',
        skipLibCheck: true,
        ...options,
      };
      writeFileSync(join(at, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }));
      const tsc = join(folder, 'node_modules', `typescript-${typescript[0]}`, 'lib/tsc.js');
      const compiled = programs.node([tsc, '-p', at, '--pretty', 'false']);
      expect(await compiled.exit(), compiled.stdout + compiled.stderr).to.equal(0);
      return join(at, 'out/main.js');
    }

    for (const typescript of LONG ? TYPESCRIPT : TYPESCRIPT.slice(0, 1)) {
      it(`with legacy decorators of TypeScript ${typescript}`, async () => {
        const decorators = { experimentalDecorators: true, emitDecoratorMetadata: true };
        const main = await compile('nestjs', typescript, decorators);
        const queue = queues.make();
        const app = programs.node([main], { env: { PORT: '0', AFSTATSD_URL: queue.url } });
        const [url] = await app.matched(/http:\S+/);
        expect((await fetch(`${url}/orders/1`)).status).to.be.oneOf([200, 404]);
        await app.kill('SIGTERM');
        await until('it has ended', () => !app.isRunning);
        const { timers } = Totals.of(queue.readAll().map(({ text }) => text));
        expect([...timers.keys()].join('\n')).to.include('route:/orders/:id');
        expect(PAGE, 'the page names both versions').to.include(nest).and.include(typescript);
      });

      it(`with standard decorators of TypeScript ${typescript}`, async () => {
        const main = await compile('decorators-standard', typescript, {});
        const queue = queues.make();
        const program = programs.node([main], { env: { AFSTATSD_URL: queue.url } });
        expect(await program.exit(), program.stderr).to.equal(0);
        const { timers } = Totals.of(queue.readAll().map(({ text }) => text));
        expect([...timers.keys()].join('\n')).to.include('mail.delivery');
      });
    }
  });
}
