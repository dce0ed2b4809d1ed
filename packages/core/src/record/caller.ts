/** The place in the app's code that called a function of ours. */
export interface Caller {
  /** File, line and column. */
  readonly place: string;
  /** The module's file, or its URL without a query. Undefined where its evaluations can't be told apart. */
  readonly module: string | undefined;
  /** Differs for each evaluation of the module: by a hot reload, or after `delete require.cache[…]`. */
  readonly evaluation: unknown;
}

/** How stacks are written, whatever an app has made of it. */
interface StackSettings {
  readonly prepareStackTrace?: unknown;
  readonly stackTraceLimit?: unknown;
}

/**
 * The caller of a function, from a stack of one frame.
 *
 * @param called - The function of ours. Its caller is looked for.
 * @returns Undefined where the frame can't be had, as with frozen intrinsics.
 */
export function callerOf(called: (...args: never) => unknown): Caller | undefined {
  const { prepareStackTrace, stackTraceLimit } = Error as StackSettings;
  try {
    // A library for source maps may have its own way to write stacks, with names of files that Node.js doesn't know.
    Error.prepareStackTrace = (_error, sites) => sites[0];
    Error.stackTraceLimit = 1;
    const holder: { stack?: NodeJS.CallSite } = {};
    Error.captureStackTrace(holder, called);
    const site = holder.stack;
    const file = site?.getFileName();
    if (site === undefined || typeof file !== 'string') return undefined;
    // Deno leaves the query out of a file's name.
    const url: unknown = site.getScriptNameOrSourceURL();
    return { place: `${file}:${site.getLineNumber()}:${site.getColumnNumber()}`, ...evaluationOf(file, url) };
  } catch {
    return undefined; // whatever the app has made of Error: it costs the caller's name, and nothing else
  } finally {
    restore({ prepareStackTrace, stackTraceLimit });
  }
}

/** An ES module that is evaluated again has another URL. A CommonJS module has another object in the cache of `require`. */
function evaluationOf(file: string, url: unknown): Pick<Caller, 'module' | 'evaluation'> {
  const evaluation = file.startsWith('file:') ? undefined : require.cache?.[file];
  if (evaluation !== undefined) return { module: file, evaluation };
  if (typeof url !== 'string' || !url.startsWith('file:')) return { module: undefined, evaluation };
  return { module: url.replace(/[?#].*/s, ''), evaluation: url };
}

function restore(before: StackSettings): void {
  try {
    Object.assign(Error, before);
  } catch {
    // Then nothing was changed, either.
  }
}
