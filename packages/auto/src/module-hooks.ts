import type { LoadFnOutput, LoadHook, LoadHookContext } from 'node:module';

/** Where a changed module finds the function that gets its class. */
export const PLACE = '@afstatsd/auto/hono';
/** The router of Hono as a module of ES. A module of ES can't be changed from outside once it is loaded. */
const FILE = '/node_modules/hono/dist/router/smart-router/router.js';
/** Behind the module's own text, so that its lines stay where they are. */
const LINE = `\n;globalThis[Symbol.for('${PLACE}')]?.(SmartRouter, import.meta.url);\n`;

/** A hook for `registerHooks`, which the types of Node 20 don't have. */
export type LoadHookSync = (
  url: string,
  context: LoadHookContext,
  nextLoad: (url: string, context?: Partial<LoadHookContext>) => LoadFnOutput,
) => LoadFnOutput;

/** A hook for `module.register`, which runs in a thread of its own. */
export const load: LoadHook = async (url, context, nextLoad) => withLine(url, await nextLoad(url, context));

/** The same for `module.registerHooks`. */
export const loadSync: LoadHookSync = (url, context, nextLoad) => withLine(url, nextLoad(url, context));

function withLine(url: string, loaded: LoadFnOutput): LoadFnOutput {
  if (!url.endsWith(FILE) || loaded.format !== 'module') return loaded;
  const { source } = loaded;
  const text = typeof source === 'string' ? source : Buffer.from(source as Uint8Array).toString();
  return { ...loaded, source: text + LINE };
}
