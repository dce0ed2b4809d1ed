// What people do in a bundled app, a row of the table of bundlers in docs/runtimes.md each: how programs/app.cjs is run, and what a
// cell says then. What nobody has foreseen throws.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@afstatsd/testing';
import { expect } from 'chai';

const EXAMPLES = join(import.meta.dirname, '../../examples');
const HITS = ['hits:1|c'];
const textsOf = (queue) => queue.readAll().map(({ text }) => text);

/** Puts the compiled examples of decorators where the app requires them. */
export function examplesBeside(out) {
  for (const kind of ['standard', 'legacy'])
    cpSync(join(EXAMPLES, `decorators-${kind}`, 'dist/src'), join(out, kind), { recursive: true });
}

// Package managers' scripts set NODE_PATH, so that packages are found from anywhere.
const envOf = (url) => ({ NODE_PATH: undefined, AFSTATSD_URL: url });

/** Runs a use of the app to its end. @returns what it printed to stdout. */
async function run(file, use, { programs }, url = 'null:', ends = 0) {
  const program = programs.node([file, use], { env: envOf(url) });
  const how = await program.exit();
  expect(how, program.stderr).to.equal(ends);
  // Of an uncaught error Node.js shows the line, which is the whole of a minified bundle.
  expect(program.stderr).not.to.match(/^(?:\(node:\d+\) StatsdWarning: )?afstatsd: /m);
  return program.stdout;
}

/** A use that sends to the queue. */
const toQueue = (use, ends) => async (file, tools) => {
  const queue = tools.queues.make();
  await run(file, use, tools, queue.url, ends);
  expect(textsOf(queue)).to.deep.equal(HITS);
  return 'yes';
};

const web = (framework) => async (file, tools) => {
  const calls = JSON.parse(await run(file, framework, tools));
  expect(calls).to.deep.equal({ 'get /users/:id 2xx': 1, 'get unmatched 4xx': 1 });
  return 'yes';
};

const decorators = (use, expected) => async (file, tools) => {
  const queue = tools.queues.make();
  await run(file, use, tools, queue.url);
  expect(textsOf(queue).join('\n')).to.include(expected);
  return 'yes';
};

/** @type {Readonly<Record<string, (file: string, tools: object) => Promise<string>>>} */
export const APP_ROWS = {
  'record, and flush to the queue': toQueue('flush'),
  'over UDP': async (file, tools) => {
    const receiver = await tools.receivers.udp();
    await run(file, 'end', tools, `udp://127.0.0.1:${receiver.port}`);
    await until('it has arrived', () => receiver.lines.length > 0);
    expect(receiver.lines).to.deep.equal(HITS);
    return 'yes';
  },
  'over a UNIX socket': async (file, tools) => {
    const receiver = tools.receivers.unix();
    await run(file, 'end', tools, `unix://${receiver.path}`);
    expect(receiver.readAll()).to.deep.equal(HITS);
    return 'yes';
  },
  'the end by itself': toQueue('end'),
  '`process.exit()`': toQueue('exit'),
  'an uncaught exception': toQueue('throw', 1),
  'an unhandled rejection': toQueue('reject', 1),
  SIGTERM: async (file, { programs, queues }) => {
    const queue = queues.make();
    const program = programs.node([file, 'signal'], { env: envOf(queue.url) });
    await program.printed('ready\n');
    expect(await program.kill('SIGTERM')).to.equal('SIGTERM');
    expect(textsOf(queue)).to.deep.equal(HITS);
    return 'yes';
  },
  'worker threads': toQueue('worker'),
  'Express 5': web('express'),
  'Fastify 5': web('fastify'),
  'standard decorators': decorators('standard', 'mail.delivery'),
  'legacy decorators': decorators('legacy', 'library.loans:3|c'),
};
