import { Statsd, type StatsdClient } from '@afstatsd/core';
import type { Application } from './request.js';

interface Layer {
  readonly handle?: unknown;
  readonly route?: unknown;
}

/** Where Express 5, and Express 4, have what an application goes through. */
type Routed = Application & {
  readonly router?: { readonly stack?: readonly Layer[] };
  readonly _router?: { readonly stack?: readonly Layer[] };
};

const looked = new WeakSet();

/** Says once if an application has routes before the middleware: it isn't asked for those. */
export function warnIfLate(app: Application, middleware: unknown, statsd: StatsdClient = Statsd): void {
  if (looked.has(app)) return;
  looked.add(app);
  const routed = app as Routed;
  // In Express 4 `router` is there only to throw an error.
  const { stack = [] } = routed._router ?? routed.router ?? {};
  const at = stack.findIndex(({ handle }) => handle === middleware);
  const before = stack.slice(0, Math.max(at, 0)).filter(({ route }) => route !== undefined);
  if (before.length === 0) return;
  statsd.warnOnce(
    'express late',
    () =>
      `afstatsdExpress comes after ${before.length} of the app's routes, which it doesn't see: use it before them`,
  );
}
