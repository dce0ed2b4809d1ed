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

/** The part of an application of Express that is looked at. */
interface Application {
  /** The application at which it is mounted. */
  readonly parent?: Application;
  /** Of Express 5. In Express 4 it is there only to throw an error. */
  readonly router: Router;
  /** Of Express 4, which `lazyrouter` makes. */
  readonly _router?: Router;
  readonly lazyrouter?: () => void;
}

/** Express 4 has these before all others, so that requests and responses are its own. */
const FIRST = new Set(['query', 'expressInit']);

const part = new Part('express');
const prepared = new WeakSet<Application>();

/** Puts the middleware before the app's own, at the first request, because by then the app has its settings. */
const prepare = part.guarded((app: Application) => {
  // A mounted application is recorded by the one at which it is mounted.
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

/** Prepares no further application of Express. Those that have had a request go on to be recorded. */
export const stopExpress: () => void = part.stop;
