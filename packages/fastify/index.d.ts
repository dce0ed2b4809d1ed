import type { AfstatsdFastify, FastifyOptions, RouteConfig } from './dist/src/plugin.js';

declare const afstatsd: AfstatsdFastify & {
  readonly afstatsd: AfstatsdFastify;
  readonly default: AfstatsdFastify;
};

declare namespace afstatsd {
  export type { AfstatsdFastify, FastifyOptions, RouteConfig };
}

export = afstatsd;
