import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';

const packageEntry = resolve(__dirname, '../../src/index.js');
const nobody = 65_534;

export const isRoot: boolean = process.getuid?.() === 0;

export interface ChildOptions {
  /** As a user without any right of its own; as the same user if the tests don't run as root. */
  readonly unprivileged?: boolean;
  readonly nodeOptions?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/** Drops root's rights only after the binding is loaded: the user may be unable to read the checkout. */
const dropRights = `
  codeOf(() => require(entry).unlinkQueue('/afstatsd-test-never-made'));
  process.setgroups([]);
  process.setgid(${nobody});
  process.setuid(${nobody});
`;

function commandLine(script: string, name: string, options: ChildOptions): string[] {
  const { nodeOptions = [], unprivileged = false } = options;
  const prelude = `
    const [entry, name] = process.argv.slice(1);
    const print = (value) => console.log(JSON.stringify(value));
    const codeOf = (call) => { try { call(); return 'none'; } catch (error) { return error.code; } };
    ${unprivileged && isRoot ? dropRights : ''}
  `;
  return [...nodeOptions, '-e', prelude + script, packageEntry, name];
}

/**
 * Runs a script in a Node process of its own and returns what it printed with `print(value)`. The
 * script has `entry` (the package's file), `name`, and `codeOf(call)`, the code of what a call throws.
 */
export function runChild(script: string, name: string, options: ChildOptions = {}): unknown {
  const child = spawnSync(process.execPath, commandLine(script, name, options), {
    env: { ...process.env, ...options.env },
    encoding: 'utf8',
    timeout: 15_000,
  });
  if (child.status !== 0) {
    throw child.error ?? new Error(`child ended with ${child.status ?? child.signal}: ${child.stderr}`);
  }
  return child.stdout === '' ? undefined : JSON.parse(child.stdout);
}

/** Starts such a script and doesn't wait for it. */
export function startChild(script: string, name: string, options: ChildOptions = {}): ChildProcess {
  return spawn(process.execPath, commandLine(script, name, options), {
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}
