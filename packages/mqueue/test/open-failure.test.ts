import { expect } from 'chai';
import { SyscallFailure } from '../src/binding.js';
import type { QueueError } from '../src/index.js';
import { openFailure } from '../src/open-failure.js';
import type { ResolvedOptions } from '../src/open-options.js';

/** Among the causes are some that a test cannot bring about without harm to the machine it runs on. */
describe('the explanation of', () => {
  const explain = (code: string, options: Partial<ResolvedOptions> = { access: 'read' }): QueueError =>
    openFailure(new SyscallFailure('mq_open', code), '/afstatsd-test-never-made', options);
  const attributes = { depth: 10, messageBytes: 8192, mode: 0o600, exclusive: false };

  const reasons: Record<string, RegExp> = {
    EACCES: /uid \d+ may not open this queue for 'read': run as its owner/,
    EMFILE: /no more descriptors \(RLIMIT_NOFILE, \w+\): close/,
    ENFILE: /no descriptor left.*file-max/,
    ENOSPC: /as many queues as \/proc\/sys\/fs\/mqueue\/queues_max \(\d+\) allows: unlink/,
    ENOMEM: /no memory.*smaller depth/,
    ENOSYS: /CONFIG_POSIX_MQUEUE.*sandbox/,
    EINVAL: /refuses this name/,
    EIO: /no further reason: see mq_open\(3\)/,
  };
  for (const [code, reason] of Object.entries(reasons)) {
    it(`${code} says what to do`, () => {
      const error = explain(code);
      expect(error).to.include({ code, syscall: 'mq_open', queue: '/afstatsd-test-never-made' });
      expect(error.message).to.match(reason);
    });
  }

  it('EINVAL quotes the limit that was passed, or the attributes', () => {
    const options = { ...attributes, depth: 1_000_000 };
    expect(explain('EINVAL', { create: options }).message).to.match(
      /depth is 1000000, over .*msg_max \(\d+\)/,
    );
    expect(explain('EINVAL', { create: attributes }).message).to.match(/depth of 10 with messageBytes 8192/);
  });

  it('EMFILE names the queues of the user too if a queue was to be made', () => {
    expect(explain('EMFILE', { create: attributes }).message).to.match(/RLIMIT_MSGQUEUE.*over 81920.*ulimit/);
  });
});
