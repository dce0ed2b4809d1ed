import { spawnSync } from 'node:child_process';
import type { Context } from 'mocha';

const NOBODY = 65_534;

/** Skips the test, which says why; a skipped test fails where everything is required. */
function skipUnless(test: Context, possible: boolean, need: string): void {
  if (possible) return;
  console.log(`      skipped: it needs ${need}`);
  test.skip();
}

/** For tests that need another user: root can become one. */
export function needsRoot(test: Context): void {
  skipUnless(test, process.getuid?.() === 0, 'root, to act as another user');
}

/** For tests that need limits of their own: a namespace, in which root may set them. */
export function needsNamespace(test: Context): void {
  const possible = spawnSync('unshare', ['--ipc', '--mount', 'true']).status === 0;
  skipUnless(test, possible, 'unshare --ipc --mount (util-linux, and root)');
}

/** The arguments of `unshare` that run a shell script with POSIX message queues of its own, and a `msg_max` for them. */
export function inNamespace(msgMax: number, script: string, ...args: readonly string[]): string[] {
  const mount = 'mkdir -p /dev/mqueue && mount -t mqueue none /dev/mqueue';
  const limit = `echo ${msgMax} > /proc/sys/fs/mqueue/msg_max`;
  return ['--ipc', '--mount', 'sh', '-c', `${mount} && ${limit} && ${script}`, 'sh', ...args];
}

/** What a script prints that runs as nobody. It has `mqueue`, and `codeOf(call)`, the code of what a call throws. */
export function asNobody(script: string, ...args: readonly string[]): string {
  // Rights are dropped only after everything is loaded: that user may be unable to read the checkout.
  const prelude = `
    const mqueue = require(${JSON.stringify(require.resolve('@afstatsd/mqueue'))});
    const codeOf = (call) => { try { call(); return 'none'; } catch (error) { return error.code; } };
    codeOf(() => mqueue.unlinkQueue('/afstatsd-test-never-made'));
    process.setgroups([]);
    process.setgid(${NOBODY});
    process.setuid(${NOBODY});
    const [name] = process.argv.slice(1);
  `;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', prelude + script, ...args], {
    encoding: 'utf8',
    timeout: 15_000,
  });
  if (status !== 0) throw new Error(`it ended with ${status}: ${stderr}`);
  return stdout.trim();
}
