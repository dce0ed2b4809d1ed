/**
 * Records the requests of Express 4 and 5, as `@afstatsd/express` does.
 *
 * @module
 */
import type * as OfExpress from '@afstatsd/express';
import { frameworkLoaded } from '../frameworks.js';
import { onLoaded } from '../loaded-files.js';
import { appRecordsRequests } from '../own-middleware.js';
import { Part } from '../part.js';
import { replace } from '../replaced.js';

interface Layer {
  readonly name?: string;
}

interface Router {
  readonly stack: Layer[];
  use(middleware: unknown): unknown;
}

/** The properties of an Express application that this file reads. */
interface Application {
  /** The application at which it is mounted. */
  readonly parent?: Application;
  /** The router of Express 5. Reading this property in Express 4 throws an error. */
  readonly router: Router;
  /** The router of Express 4, made by `lazyrouter`. */
  readonly _router?: Router;
  readonly lazyrouter?: () => void;
}

/**
 * The layers that Express 4 puts first. Ours comes after them, because `expressInit` gives requests and responses the prototypes
 * of Express.
 */
const FIRST = new Set(['query', 'expressInit']);

const part = new Part('express');
const prepared = new WeakSet<Application>();

/** Puts the middleware before the app's own, at the first request, because by then the app has its settings. */
const prepare = part.guarded((app: Application) => {
  // The parent of a mounted application records its requests.
  if (prepared.has(app) || app.parent !== undefined) return;
  prepared.add(app);
  if (appRecordsRequests()) return;
  const { afstatsdExpress } = require('@afstatsd/express') as typeof OfExpress;
  app.lazyrouter?.();
  const router = app._router ?? app.router;
  const { stack } = router;
  router.use(afstatsdExpress());
  const layer = stack.pop()!;
  const at = stack.findIndex(({ name = '' }) => !FIRST.has(name));
  stack.splice(at < 0 ? stack.length : at, 0, layer);
});

onLoaded(part, {
  library: 'express',
  file: 'lib/application.js',
  majors: [4, 5],
  change(exported) {
    frameworkLoaded();
    replace<(this: Application, ...args: unknown[]) => unknown>(
      exported,
      'handle',
      (handle) =>
        function (...args) {
          prepare(this);
          return handle.apply(this, args);
        },
    );
  },
});

/** Prepares no further application of Express. Applications that have had a request are still recorded. */
export const stopExpress: () => void = part.stop;
