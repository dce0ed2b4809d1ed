/**
 * Records the requests of Fastify 4 and 5, as `@afstatsd/fastify` does, by the channel on which Fastify publishes its instances.
 *
 * @module
 */
import { subscribe } from 'node:diagnostics_channel';
import type * as OfFastify from '@afstatsd/fastify';
import { frameworkLoaded } from '../frameworks.js';
import { appRecordsRequests } from '../own-middleware.js';
import { Part } from '../part.js';

type Plugin = (instance: object, options: object, done: (error?: Error) => void) => void;

/** The part of an instance of Fastify that is looked at. */
interface Instance {
  readonly version: string;
  register(plugin: Plugin): unknown;
}

const MAJORS = new Set([4, 5]);
/** By this, hooks of a plugin are those of the instance at which it is registered. */
const SKIP_OVERRIDE = Symbol.for('skip-override');
const PLUGIN_NAME = Symbol.for('fastify.display-name');

const part = new Part('fastify');

const plugin: Plugin = Object.assign(
  (instance: object, _options: object, done: (error?: Error) => void): void => {
    install(instance);
    done();
  },
  { [SKIP_OVERRIDE]: true, [PLUGIN_NAME]: '@afstatsd/auto' },
);

const install = part.guarded((instance: object) => {
  if (appRecordsRequests()) return;
  const { afstatsd } = require('@afstatsd/fastify') as typeof OfFastify;
  // The app may decorate its instance with a `statsd` of its own, which Fastify would refuse where there is one already.
  const undecorated = Object.create(instance, { hasDecorator: { value: () => true } }) as never;
  afstatsd(undecorated, {}, (error?: Error) => {
    if (error !== undefined) part.failed(error);
  });
});

subscribe(
  'fastify.initialization',
  part.guarded((message: unknown) => {
    const { fastify } = message as { readonly fastify: Instance };
    frameworkLoaded();
    const { version } = fastify;
    if (MAJORS.has(Number.parseInt(version, 10))) fastify.register(plugin);
    else
      part.warnOnce('version', () => `fastify ${version} isn't recorded, because only 4.x or 5.x is known`);
  }),
);

/** Prepares no further instance of Fastify. Those that are ready go on to be recorded. */
export const stopFastify: () => void = part.stop;
