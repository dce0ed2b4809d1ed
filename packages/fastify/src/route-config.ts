import { CHECKS, type Checks, readOptions } from '@afstatsd/core/instrument';

/** What a route can say in its `config`, as `afstatsd`. */
export interface RouteConfig {
  /** The route's requests aren't recorded. Default false. */
  readonly skip?: boolean;
  /** What stands for the route's template. */
  readonly name?: string;
}

const OPTIONS: Checks<RouteConfig> = {
  skip: CHECKS.boolean,
  name: {
    must: 'be a string that stands for the route',
    accepts: (value) => typeof value === 'string' && value !== '',
  },
};

/** Those that were read, because a route has the same object for each request. */
const read = new WeakMap<object, RouteConfig>();

/**
 * Reads the `afstatsd` of a route's `config`.
 *
 * @param route - Its method and URL, for errors.
 * @throws TypeError for an option that is unknown or can't be used.
 */
export function readRouteConfig(given: unknown, route: string): RouteConfig {
  if (given === undefined) return {};
  const known = typeof given === 'object' && given !== null ? read.get(given) : undefined;
  if (known !== undefined) return known;
  const config = readOptions<RouteConfig>(given, OPTIONS, `route ${route}, config.afstatsd: `);
  read.set(given as object, config);
  return config;
}
