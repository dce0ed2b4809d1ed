import { Statsd, type StatsdClient } from '@afstatsd/core';
import { type ResponseWatcher, unwatchResponses, watchResponses } from '@afstatsd/core/http';
import type { Application } from './request.js';

interface Layer {
  readonly handle?: unknown;
  readonly route?: unknown;
}

/** Where Express 5, and Express 4, have what an application goes through. */
type Routed = Application & {
  /** The application at which it is mounted. */
  readonly parent?: Routed;
  readonly router?: { readonly stack?: readonly Layer[] };
  readonly _router?: { readonly stack?: readonly Layer[] };
};

const looked = new WeakSet();

/** Responses that are looked at for a middleware that nothing reaches. */
const MOST_LOOKED_AT = 100;

/** Says once what to write in the place of `app.use(afstatsdExpress)`. */
export function warnUncalled(): void {
  Statsd.warnOnce(
    'express uncalled',
    () =>
      'afstatsdExpress makes the middleware, and records nothing itself: write app.use(afstatsdExpress())',
  );
}

/**
 * A middleware that comes after all routes isn't asked for any request that they answer, so it can't say that it is late. The
 * first such response says so for it.
 *
 * @returns To be called when a request reaches the middleware.
 */
export function watchForLate(middleware: unknown, statsd: StatsdClient | undefined): () => void {
  let left = MOST_LOOKED_AT;
  const watcher: ResponseWatcher = {
    sent({ request }) {
      left--;
      try {
        let { app } = request as { readonly app?: Routed };
        while (app !== undefined && !stackOf(app).some(({ handle }) => handle === middleware))
          app = app.parent;
        if (app !== undefined) {
          left = 0;
          warnIfLate(app, middleware, statsd);
        }
      } catch {
        // The request isn't one of Express.
      }
      if (left <= 0) unwatchResponses(watcher);
    },
  };
  watchResponses(watcher);
  // This function holds the watcher, so that the watcher lives as long as the middleware.
  return () => {
    if (left > 0) unwatchResponses(watcher);
    left = 0;
  };
}

function stackOf(app: Routed): readonly Layer[] {
  // In Express 4 `router` is there only to throw an error.
  return (app._router ?? app.router)?.stack ?? [];
}

/** Says once if an application has routes before the middleware: it isn't asked for those. */
export function warnIfLate(app: Application, middleware: unknown, statsd: StatsdClient = Statsd): void {
  if (looked.has(app)) return;
  looked.add(app);
  const stack = stackOf(app);
  const at = stack.findIndex(({ handle }) => handle === middleware);
  const before = stack.slice(0, Math.max(at, 0)).filter(({ route }) => route !== undefined);
  if (before.length === 0) return;
  statsd.warnOnce(
    'express late',
    () =>
      `afstatsdExpress comes after ${before.length} of the app's routes, which it doesn't see: use it before them`,
  );
}
