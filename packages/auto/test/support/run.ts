import path from 'node:path';
import { type Ended, type Programs, type ProgramOptions, usePrograms } from '@afstatsd/testing';

/** The package itself, where its own name leads to it, and the programs. */
export const PACKAGE = path.join(__dirname, '../../..');

/** What a program was started with. */
interface Started extends ProgramOptions {
  /** Flags of Node.js. Default: `--import @afstatsd/auto`. */
  readonly flags?: readonly string[];
  readonly args?: readonly string[];
}

/** To be called in a `describe`. @returns what runs one of the programs to its end. */
export function useAutoPrograms(): (name: string, started?: Started) => Promise<Ended> {
  const programs: Programs = usePrograms();
  return async (name, { flags = ['--import', '@afstatsd/auto'], args = [], ...options } = {}) => {
    const file = path.join(PACKAGE, 'test/programs', name);
    return programs.node([...flags, file, ...args], { cwd: PACKAGE, ...options }).ended();
  };
}
