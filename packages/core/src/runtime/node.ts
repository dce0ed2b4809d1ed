import fs from 'node:fs';
import process from 'node:process';
import v8 from 'node:v8';
import { wallClock } from '../host/clock.js';
import { RUNTIME } from '../host/runtime.js';

// Test environments replace the globals, and mocks the methods of the modules, while a program runs. So these are taken once.
// Functions that a runtime other than Node.js may lack are optional.

/** `process`, with what isn't in its types. */
type Process = NodeJS.Process & {
  readonly _getActiveHandles?: () => readonly unknown[];
  readonly _getActiveRequests?: () => readonly unknown[];
};

const own = process as Process;

export const cpuUsage: typeof process.cpuUsage = own.cpuUsage.bind(own);
export const memoryUsage: () => NodeJS.MemoryUsage = own.memoryUsage.bind(own);
export const uptime: () => number = own.uptime.bind(own);

// Bun and Deno have these for the sake of programs that call them, and say that there is nothing.
const isNode = RUNTIME === 'node';
export const activeHandles: (() => readonly unknown[]) | undefined = isNode
  ? own._getActiveHandles?.bind(own)
  : undefined;
export const activeRequests: (() => readonly unknown[]) | undefined = isNode
  ? own._getActiveRequests?.bind(own)
  : undefined;
export const activeResources: (() => readonly string[]) | undefined =
  RUNTIME === 'bun' ? undefined : own.getActiveResourcesInfo?.bind(own);

export const heapSpaces: typeof v8.getHeapSpaceStatistics = v8.getHeapSpaceStatistics;

const { readFileSync, readdirSync, statSync } = fs;
export const readText = (path: string): string => readFileSync(path, 'utf8');
export const entriesOf = (path: string): readonly string[] => readdirSync(path);
export const sizeOf = (path: string): number => statSync(path).size;

export const isLinux: boolean = own.platform === 'linux';
export const version: string = own.version;

/** When the process was started, in whole seconds since 1970. */
export const startedAt: number = Math.round(wallClock() / 1000 - own.uptime());
