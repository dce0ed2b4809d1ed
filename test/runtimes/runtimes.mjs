// The runtimes that the tests know, each in the version that npm has it in.
import { NEWEST } from '../faults/from-npm.mjs';

export const BUN = 'bun 1.4.5';
export const DENO = 'deno 2.9.6';
/** One of each release line of Node.js that is supported, the oldest first. */
export const NODES = ['v20.20.2', 'v22.23.3', 'v24.21.0', NEWEST];
