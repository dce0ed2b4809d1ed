import { expect } from 'chai';
import { useScripts } from './support/scripts.js';
import { describeBinding } from './support/each-binding.js';
import { useSmallQueues } from './support/small-queues.js';

const env = { AFSTATSD_MQ_BINDING: '' };

/** A script's start that makes `require` fail for these packages, as if they weren't installed. */
function without(...packages: string[]): string {
  return `
    const Module = require('node:module');
    const load = Module._load;
    Module._load = function (request, ...rest) {
      if (${JSON.stringify(packages)}.includes(request)) throw new Error('no ' + request + ' here\\nRequire stack: …');
      return load.call(this, request, ...rest);
    };`;
}

const printFailure = `
  try { require(entry).openQueue(name, { access: 'read' }); }
  catch ({ name, code, message }) { print({ name, code, message }); }`;

interface Failure {
  name: string;
  code: string;
  message: string;
}

describe('importing mqueue', () => {
  const scripts = useScripts();

  it('loads no native library; the first open does', async () => {
    const loaded = await scripts.run(
      `const native = () => Object.keys(require.cache).some((file) => /node_modules.*(koffi|posix-mq)/.test(file));
       const { openQueue } = require(entry);
       const before = native();
       codeOf(() => openQueue(name, { access: 'read' }));
       print([before, native()]);`,
      '/afstatsd-test-never-made',
    );
    expect(loaded).to.deep.equal([false, true]);
  });
});

describe('the binding that is used', () => {
  const queues = useSmallQueues();
  const scripts = useScripts();

  it('is koffi where it can be loaded', async () => {
    const script = `print(require(entry).openQueue(name, { access: 'read' }).binding);`;
    expect(await scripts.run(script, queues.make().name, { env })).to.equal('koffi');
  });

  it('is what AFSTATSD_MQ_BINDING says, or nothing', async () => {
    const failure = (await scripts.run(without('posix-mq') + printFailure, queues.make().name, {
      env: { AFSTATSD_MQ_BINDING: 'posix-mq' },
    })) as Failure;
    expect(failure).to.include({ name: 'QueueError', code: 'ENOTSUP' });
    expect(failure.message).to.include('(posix-mq: no posix-mq here)').and.include('C++ compiler');
    expect(failure.message).not.to.include('koffi');
  });

  it('that nobody knows is refused by name', async () => {
    const failure = (await scripts.run(printFailure, queues.newName(), {
      env: { AFSTATSD_MQ_BINDING: 'ffi' },
    })) as Failure;
    expect(failure).to.include({ name: 'QueueError', code: 'EINVAL' });
    expect(failure.message).to.include(
      "AFSTATSD_MQ_BINDING must be koffi or posix-mq, or unset; it is 'ffi'",
    );
  });

  it('that is missing is ENOTSUP, with every reason', async () => {
    const failure = (await scripts.run(without('koffi', 'posix-mq') + printFailure, queues.newName(), {
      env,
    })) as Failure;
    expect(failure).to.include({ name: 'QueueError', code: 'ENOTSUP' });
    expect(failure.message).to.include('(koffi: no koffi here; posix-mq: no posix-mq here): install koffi');
  });

  it('that a bundler has made an empty module of is ENOTSUP, too', async () => {
    const script = `
      const Module = require('node:module');
      const load = Module._load;
      Module._load = (request, ...rest) =>
        ['koffi', 'posix-mq'].includes(request) ? {} : load.call(Module, request, ...rest);`;
    const failure = (await scripts.run(script + printFailure, queues.newName(), { env })) as Failure;
    expect(failure).to.include({ name: 'QueueError', code: 'ENOTSUP' });
    expect(failure.message).to.match(
      /\(koffi: an empty module .+; posix-mq: an empty module .+\): install koffi/,
    );
  });

  it('that is missing in Next.js is to be had by its configuration', async () => {
    const failure = (await scripts.run(without('koffi', 'posix-mq') + printFailure, queues.newName(), {
      env: { ...env, NEXT_RUNTIME: 'nodejs' },
    })) as Failure;
    expect(failure.message).to.include("serverExternalPackages: ['@afstatsd/core']");
    expect(failure.message).not.to.include('mark koffi');
  });

  it('is ENOTSUP where the system is not Linux', async () => {
    const script = `Object.defineProperty(process, 'platform', { value: 'darwin' });` + printFailure;
    const failure = (await scripts.run(script, queues.newName(), { env })) as Failure;
    expect(failure.code).to.equal('ENOTSUP');
    expect(failure.message).to.include('supported on Linux, and this is darwin');
  });
});

describeBinding('posix-mq', 'the binding that is used', () => {
  const queues = useSmallQueues();
  const scripts = useScripts();

  it('is posix-mq where koffi cannot be loaded', async () => {
    const script = without('koffi') + `print(require(entry).openQueue(name, { access: 'read' }).binding);`;
    expect(await scripts.run(script, queues.make().name, { env })).to.equal('posix-mq');
  });
});
