import { resolve } from 'node:path';
import { type Program, becomeOther, usePrograms } from '@afstatsd/testing';

const packageEntry = resolve(__dirname, '../../src/index.js');

export interface ScriptOptions {
  /** As a user without any right of its own; as the same user if the tests don't run as root. */
  readonly unprivileged?: boolean;
  /** The id of that user; nobody's by default. */
  readonly uid?: number;
  readonly nodeOptions?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

export interface Scripts {
  /** Starts a script in a Node process of its own. */
  start(script: string, name: string, options?: ScriptOptions): Program;
  /** Runs such a script, and returns what it printed with `print(value)`. */
  run(script: string, name: string, options?: ScriptOptions): Promise<unknown>;
}

function argumentsOf(script: string, name: string, options: ScriptOptions): string[] {
  const { nodeOptions = [], unprivileged = false, uid } = options;
  const prelude = `
    ${unprivileged ? becomeOther(uid) : ''}
    const [entry, name] = process.argv.slice(1);
    const print = (value) => console.log(JSON.stringify(value));
    const codeOf = (call) => { try { call(); return 'none'; } catch (error) { return error.code; } };
  `;
  return [...nodeOptions, '-e', prelude + script, packageEntry, name];
}

/**
 * To be called in a `describe`: scripts for its tests, which have ended after the test. A script has `entry` (the package's
 * file), `name`, `print`, and `codeOf(call)`, the code of what a call throws.
 */
export function useScripts(): Scripts {
  const programs = usePrograms();
  const start: Scripts['start'] = (script, name, options = {}) =>
    programs.node(argumentsOf(script, name, options), {
      // That of the suite.
      env: { AFSTATSD_MQ_BINDING: process.env['AFSTATSD_MQ_BINDING'], ...options.env },
    });
  return {
    start,
    async run(...args) {
      const { code, signal, stdout, stderr } = await start(...args).ended();
      if (code !== 0) throw new Error(`the script ended with ${code ?? signal}: ${stderr}`);
      return stdout === '' ? undefined : JSON.parse(stdout);
    },
  };
}
