import { becomeOther } from '@afstatsd/testing';
import type { Stage } from './stage.js';

/**
 * What a script prints that runs as nobody. It has `mqueue`, `name`, the first of the arguments, and `codeOf(call)`, the code of
 * what a call throws.
 */
export async function asNobody(at: Stage, script: string, ...args: readonly string[]): Promise<string> {
  const prelude = `
    ${becomeOther()}
    const mqueue = require(${JSON.stringify(require.resolve('@afstatsd/mqueue'))});
    const codeOf = (call) => { try { call(); return 'none'; } catch (error) { return error.code; } };
    const [name] = process.argv.slice(1);
  `;
  const program = at.command(process.execPath, ['-e', prelude + script, ...args]);
  const { code, stdout, stderr } = await program.ended();
  if (code !== 0) throw new Error(`it ended with ${code}: ${stderr}`);
  return stdout.trim();
}
