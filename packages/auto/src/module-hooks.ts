import type { LoadFnOutput, LoadHook, LoadHookContext } from 'node:module';

/** Key of the global symbol that holds the function to which a changed module passes its router class. */
export const PLACE = '@afstatsd/auto/hono';
/** The file of Hono's router as an ES module. Its text is changed, because a loaded ES module can't be changed from outside. */
const FILE = '/node_modules/hono/dist/router/smart-router/router.js';
/** Added after the module's own text, so that its line numbers stay the same. */
const LINE = `\n;globalThis[Symbol.for('${PLACE}')]?.(SmartRouter, import.meta.url);\n`;

/** A hook for `registerHooks`, which the types of Node 20 don't have. */
export type LoadHookSync = (
  url: string,
  context: LoadHookContext,
  nextLoad: (url: string, context?: Partial<LoadHookContext>) => LoadFnOutput,
) => LoadFnOutput;

/** A hook for `module.register`, which runs in a thread of its own. */
export const load: LoadHook = async (url, context, nextLoad) => withLine(url, await nextLoad(url, context));

/** The same hook for `module.registerHooks`, which calls it synchronously. */
export const loadSync: LoadHookSync = (url, context, nextLoad) => withLine(url, nextLoad(url, context));

function withLine(url: string, loaded: LoadFnOutput): LoadFnOutput {
  if (!url.endsWith(FILE) || loaded.format !== 'module') return loaded;
  const { source } = loaded;
  const text = typeof source === 'string' ? source : Buffer.from(source as Uint8Array).toString();
  return { ...loaded, source: text + LINE };
}
