/**
 * Records the requests of Koa 2 and 3, as `@afstatsd/koa` does.
 *
 * @module
 */
import type * as OfKoa from '@afstatsd/koa';
import { frameworkLoaded } from '../frameworks.js';
import { onLoaded } from '../loaded-files.js';
import { appRecordsRequests } from '../own-middleware.js';
import { Part } from '../part.js';
import { replace } from '../replaced.js';

/** The part of an application of Koa that is looked at. */
interface Application {
  readonly middleware: unknown[];
}

const part = new Part('koa');
const prepared = new WeakSet<Application>();

/** Puts the middleware before the app's own. */
const prepare = part.guarded((app: Application) => {
  if (prepared.has(app)) return;
  prepared.add(app);
  if (appRecordsRequests()) return;
  const { afstatsdKoa } = require('@afstatsd/koa') as typeof OfKoa;
  app.middleware.unshift(afstatsdKoa());
});

onLoaded(part, {
  library: 'koa',
  file: 'lib/application.js',
  majors: [2, 3],
  change(exported) {
    frameworkLoaded();
    const { prototype } = exported as { readonly prototype: unknown };
    replace<(this: Application) => unknown>(
      prototype,
      'callback',
      (callback) =>
        function () {
          prepare(this);
          return callback.call(this);
        },
    );
  },
});

/** Prepares no further application of Koa. Those that serve requests go on to be recorded. */
export const stopKoa: () => void = part.stop;
