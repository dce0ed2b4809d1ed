import type { AfstatsdExpress, ExpressOptions } from './dist/src/middleware.js';

declare const afstatsdExpress: AfstatsdExpress & {
  readonly afstatsdExpress: AfstatsdExpress;
  readonly default: AfstatsdExpress;
};

declare namespace afstatsdExpress {
  export type { AfstatsdExpress, ExpressOptions };
}

export = afstatsdExpress;
