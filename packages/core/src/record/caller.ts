/** The place in the app's code that called a function of ours. */
export interface Caller {
  /** File, line and column. */
  readonly place: string;
  /** The module's file, or its URL without a query. Undefined if two evaluations of it look the same. */
  readonly module: string | undefined;
  /** Differs for each evaluation of the module: by a hot reload, or after `delete require.cache[…]`. */
  readonly evaluation: unknown;
}

/** The settings of `Error` for stacks. An app may have changed them to anything. */
interface StackSettings {
  readonly prepareStackTrace?: unknown;
  readonly stackTraceLimit?: unknown;
}

/**
 * The caller of a function, from a stack of one frame.
 *
 * @param called - Our function, whose caller is wanted.
 * @returns Undefined if there is no frame, as with frozen intrinsics.
 */
export function callerOf(called: (...args: never) => unknown): Caller | undefined {
  const { prepareStackTrace, stackTraceLimit } = Error as StackSettings;
  try {
    // Replaced, because a library for source maps may write other file names into stacks, which Node.js doesn't know.
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
    return undefined; // the app may have changed Error in any way: then only the caller is unknown
  } finally {
    restore({ prepareStackTrace, stackTraceLimit });
  }
}

/** How many frames are searched for code of the app. */
const MAX_FRAMES = 50;
/** Paths of this project's packages when they are installed. */
const INSTALLED = /[\\/]node_modules[\\/]@afstatsd[\\/]/;
/** Names that runtimes give their own files: Node.js `node:events`, Deno `ext:core/01_core.js` too, Bun `[unknown]`. */
const OF_RUNTIME = /^(?:node:|ext:|bun:|\[unknown\]$)/;
/** The folder of this file. A bundle that is an ES module has none. */
const HERE = typeof __dirname === 'string' ? __dirname : '';
/** The folder of all packages, in this project's repository. Undefined elsewhere. */
const REPOSITORY = /^(.*[\\/]packages[\\/])core[\\/]dist(?:[\\/]src[\\/]record)?$/.exec(HERE)?.[1];
/** Whether core is bundled into a file of the app. The app's code can't be told from ours there. */
const IS_BUNDLED = REPOSITORY === undefined && !INSTALLED.test(HERE);

/**
 * Finds the place in the app's code from which the current call comes.
 *
 * @returns File, line and column. Undefined if no code of the app is on the stack, as in a callback of our own timer, or if app and
 * core are bundled into one file.
 */
export function appCaller(): string | undefined {
  if (IS_BUNDLED) return undefined;
  const { prepareStackTrace, stackTraceLimit } = Error as StackSettings;
  try {
    Error.prepareStackTrace = (_error, sites) => sites;
    Error.stackTraceLimit = MAX_FRAMES;
    const holder: { stack?: NodeJS.CallSite[] } = {};
    Error.captureStackTrace(holder, appCaller);
    for (const site of holder.stack ?? []) {
      const file = site.getFileName();
      if (typeof file !== 'string' || OF_RUNTIME.test(file) || isOurs(file)) continue;
      return `${file}:${site.getLineNumber()}:${site.getColumnNumber()}`;
    }
    return undefined;
  } catch {
    return undefined; // as above
  } finally {
    restore({ prepareStackTrace, stackTraceLimit });
  }
}

function isOurs(file: string): boolean {
  if (INSTALLED.test(file)) return true;
  if (REPOSITORY === undefined || !file.startsWith(REPOSITORY)) return false;
  return !/^[^\\/]+[\\/]dist[\\/]test[\\/]/.test(file.slice(REPOSITORY.length));
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
    // If this throws, the settings couldn't be changed before, either.
  }
}
