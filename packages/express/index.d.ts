import type { IncomingMessage, ServerResponse } from 'node:http';
import type * as middleware from './dist/src/middleware.js';

declare const afstatsdExpress: middleware.AfstatsdExpress & {
  readonly afstatsdExpress: middleware.AfstatsdExpress;
  readonly default: middleware.AfstatsdExpress;
};

declare namespace afstatsdExpress {
  export type AfstatsdExpress = middleware.AfstatsdExpress;
  export type ExpressOptions<Req = IncomingMessage, Res = ServerResponse> = middleware.ExpressOptions<
    Req,
    Res
  >;
}

export = afstatsdExpress;
