/**
 * Records the requests of Hono 4, as `@afstatsd/hono` does.
 *
 * @module
 */
import Module, { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type * as OfHono from '@afstatsd/hono';
import { frameworkLoaded } from '../frameworks.js';
import { onLoaded, readKnown } from '../loaded-files.js';
import { type LoadHookSync, PLACE, loadSync } from '../module-hooks.js';
import { appRecordsRequests } from '../own-middleware.js';
import { Part } from '../part.js';
import { replace } from '../replaced.js';

type Add = (this: object, method: string, path: string, handler: unknown) => unknown;
type Handler = (context: never, next: () => Promise<void>) => unknown;

const LIBRARY = 'hono';
const MAJORS = [4];
const ESM_FILE = 'dist/router/smart-router/router.js';

const part = new Part('hono');
const prepared = new WeakSet();
let recording: Handler | undefined;

/** Runs before the app's own middleware. The first request decides whether it records, because the app has loaded its packages by then. */
const middleware: Handler = function afstatsdMiddleware(context, next) {
  if (recording === undefined) prepare();
  return recording === undefined ? next() : recording(context, next);
};

const prepare = part.guarded(() => {
  if (appRecordsRequests()) part.stop();
  else recording = (require('@afstatsd/hono') as typeof OfHono).afstatsdHono() as Handler;
});

/** A router gets the middleware before its first route, and hands it to the router that it chooses. */
function changeRouter(router: { readonly prototype: unknown }): void {
  frameworkLoaded();
  replace<Add>(
    router.prototype,
    'add',
    (add) =>
      function (method, path, handler) {
        begin(this, add);
        return add.call(this, method, path, handler);
      },
  );
}

const begin = part.guarded((router: object, add: Add) => {
  if (prepared.has(router)) return;
  prepared.add(router);
  const route = { basePath: '/', path: '/*', method: 'ALL', handler: middleware };
  add.call(router, route.method, route.path, [middleware, route]);
});

onLoaded(part, {
  library: LIBRARY,
  file: 'dist/cjs/router/smart-router/router.js',
  majors: MAJORS,
  change: (exported) =>
    changeRouter((exported as { readonly SmartRouter: { readonly prototype: unknown } }).SmartRouter),
});

/** Whether Hono is installed for the program. Without Hono no module hook is set, so modules load as without this package. */
function isInstalled(): boolean {
  const [, main = ''] = process.argv;
  return [path.resolve(main), path.join(process.cwd(), 'main.js')].some((from) => {
    try {
      return createRequire(from).resolve(LIBRARY) !== '';
    } catch {
      return false;
    }
  });
}

const hook = part.guarded(() => {
  if (!isInstalled()) return;
  const change = part.guarded((router: { readonly prototype: unknown }, url: string) => {
    const known = { library: LIBRARY, file: ESM_FILE, majors: MAJORS };
    if (readKnown(part, known, fileURLToPath(url))) changeRouter(router);
  });
  Object.defineProperty(globalThis, Symbol.for(PLACE), { value: change, configurable: true });
  const { registerHooks } = Module as { registerHooks?: (hooks: { readonly load: LoadHookSync }) => void };
  if (registerHooks !== undefined) registerHooks({ load: loadSync });
  else Module.register(pathToFileURL(path.join(__dirname, '../module-hooks.js')).href);
});
hook();

/** Records nothing more of Hono in applications that are made from now on. */
export const stopHono: () => void = part.stop;
