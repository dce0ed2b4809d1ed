// What people do, a row of the table in docs/runtimes.md each. A row runs under a runtime, and returns what its cell says: `yes`, or
// how it differs there. What nobody has foreseen throws.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Program, TestQueue, UdpReceiver, UnixReceiver, freePort, until } from '@afstatsd/testing';
import { expect } from 'chai';
import { expectPromised, runCell } from '../faults/cell.mjs';
import { commandOf } from '../faults/from-npm.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const program = (name) => join(ROOT, 'test/runtimes/programs', name);
const HITS = 'hits:1|c';

/** Runs a program to its end. @returns what it printed to stdout. */
async function run(runtime, args, env) {
  const [command, ...first] = await commandOf(runtime);
  const started = new Program(command, [...first, ...args], { env });
  try {
    const { code, stdout, stderr } = await started.ended();
    expect(code, stderr).to.equal(0);
    return stdout;
  } finally {
    await started.remove();
  }
}

/** Uses a thing, and closes it. */
async function using(thing, close, use) {
  try {
    return await use(thing);
  } finally {
    await close(thing);
  }
}

const withQueue = (use) => using(new TestQueue(), (queue) => queue.remove(), use);
const textsOf = (queue) => queue.readAll().map(({ text }) => text);

async function expectSent(stdout) {
  const { sent, heard } = JSON.parse(stdout);
  expect({ sent, heard }).to.deep.equal({ sent: 1, heard: [] });
}

/** An end of a process, at the queue and over UDP. */
const end = (name) => async (version) => {
  for (const receiver of ['the queue', 'UDP']) {
    const cell = { end: name, receiver, realm: 'a plain script', version };
    expectPromised(cell, await runCell(cell));
  }
  return 'yes';
};

const web = (framework) => async (runtime) => {
  const { calls } = JSON.parse(await run(runtime, [program('web.cjs'), framework], {}));
  expect(calls).to.deep.equal({ 'get /users/:id 2xx': 2, 'get unmatched 4xx': 1 });
  return 'yes';
};

const decorators = (example, expected) => (runtime) =>
  withQueue(async (queue) => {
    await run(runtime, [join(ROOT, 'examples', example, 'dist/src/main.js')], { AFSTATSD_URL: queue.url });
    expect(textsOf(queue).join('\n')).to.include(expected);
    return 'yes';
  });

/** @type {Readonly<Record<string, (runtime: string) => Promise<string>>>} */
export const ROWS = {
  'record, and flush to the queue': (runtime) =>
    withQueue(async (queue) => {
      await expectSent(await run(runtime, [program('once.cjs')], { AFSTATSD_URL: queue.url }));
      expect(textsOf(queue)).to.deep.equal([HITS]);
      return 'yes';
    }),
  'over UDP': async (runtime) =>
    using(
      await UdpReceiver.open(),
      (receiver) => receiver.close(),
      async (receiver) => {
        const url = `udp://127.0.0.1:${receiver.port}`;
        await expectSent(await run(runtime, [program('once.cjs')], { AFSTATSD_URL: url }));
        await receiver.readAll();
        expect(receiver.lines).to.deep.equal([HITS]);
        return 'yes';
      },
    ),
  'over UDP: that nobody listens is known before the end': async (runtime) => {
    const url = `udp://127.0.0.1:${await freePort()}`;
    const { sent } = JSON.parse(await run(runtime, [program('once.cjs')], { AFSTATSD_URL: url }));
    return sent === 0 ? 'yes' : 'no';
  },
  'over a UNIX socket': async (runtime) => {
    const path = `/tmp/afstatsd-test-${process.pid}.socket`;
    return using(
      new UnixReceiver(path),
      (receiver) => receiver.remove(),
      async (receiver) => {
        await expectSent(await run(runtime, [program('once.cjs')], { AFSTATSD_URL: `unix://${path}` }));
        expect(receiver.readAll()).to.deep.equal([HITS]);
        return 'yes';
      },
    );
  },
  'the end by itself': end('falls off the end'),
  '`process.exit()`': end('calls process.exit'),
  'an uncaught exception': end('throws'),
  'an unhandled rejection': end('leaves a rejection unhandled'),
  SIGTERM: end('gets SIGTERM'),
  'a handler of SIGTERM of the app': end('exits in its own SIGTERM handler'),
  'worker threads': end('has a worker thread that ends'),
  'Express 5': web('express'),
  'Express 4': web('express-4'),
  'Fastify 5': web('fastify'),
  'Fastify 4': web('fastify-4'),
  'Koa 3': web('koa'),
  'Koa 2': web('koa-2'),
  'Hono 4': web('hono'),
  'headers count in `http.response.bytes`': async (runtime) =>
    JSON.parse(await run(runtime, [program('web.cjs'), 'express'], {})).countsHeaders ? 'yes' : 'no',
  'standard decorators': decorators('decorators-standard', 'mail.delivery'),
  'legacy decorators': decorators('decorators-legacy', 'library.loans:3|c'),
  'the collector': async (runtime) => {
    const [command, ...first] = await commandOf(runtime);
    const [name, port] = [`/afstatsd-test-${process.pid}-collector`, await freePort()];
    const args = ['--queue', name, '--unlink', '--udp', 'off', '--prometheus', `127.0.0.1:${port}`];
    const main = join(ROOT, 'packages/collector/dist/src/main.js');
    const collector = new Program(command, [...first, main, ...args]);
    return using(
      collector,
      (started) => started.remove(),
      async () => {
        await collector.printed('ready');
        await expectSent(await run(process.version, [program('once.cjs')], { AFSTATSD_URL: `mq://${name}` }));
        await until('the page has it', async () => {
          const page = await fetch(`http://127.0.0.1:${port}/metrics`).then((answer) => answer.text());
          return /^hits_total 1$/m.test(page);
        });
        expect(await collector.kill('SIGTERM'), collector.stderr).to.be.oneOf([0, 'SIGTERM']);
        return 'yes';
      },
    );
  },
};
