import type * as plugin from './dist/src/plugin.js';

declare const afstatsd: plugin.AfstatsdFastify & {
  readonly afstatsd: plugin.AfstatsdFastify;
  readonly afstatsdFastify: plugin.AfstatsdFastify;
  readonly default: plugin.AfstatsdFastify;
};

declare namespace afstatsd {
  export type AfstatsdFastify = plugin.AfstatsdFastify;
  export type FastifyOptions = plugin.FastifyOptions;
  export type RouteConfig = plugin.RouteConfig;
}

export = afstatsd;
