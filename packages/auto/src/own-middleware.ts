import { createRequire } from 'node:module';
import path from 'node:path';

const { cache, resolve } = createRequire(__filename);

/** Packages of this project by which an app records its requests itself. */
const OWN = ['core/http', 'express', 'fastify', 'hono', 'koa', 'nestjs'];

let own: boolean | undefined;

/**
 * Whether the app has loaded middleware of this project, or what such middleware is made with. Then the recording of requests is left
 * to the app, with the options that it gives. To be asked before any of these packages is loaded here: the answer is kept.
 */
export function appRecordsRequests(): boolean {
  return (own ??= OWN.some(appLoads));
}

/**
 * Whether a package of this project is loaded, in whatever copy.
 *
 * @param name - such as `express`.
 */
export function appLoads(name: string): boolean {
  const folder = path.sep + path.join('@afstatsd', name, path.sep);
  return isLoaded(`@afstatsd/${name}`) || Object.keys(cache).some((file) => file.includes(folder));
}

function isLoaded(specifier: string): boolean {
  try {
    return resolve(specifier) in cache;
  } catch {
    // Not installed beside this package.
    return false;
  }
}
