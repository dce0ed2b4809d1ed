import { type Site, useListening } from '@afstatsd/testing';
import { Router as Router15 } from '@koa/router';
import Koa3, { type Middleware } from 'koa';

export type KoaClass = typeof Koa3;
export type RouterClass = typeof Router15;

/** What runs together. The types are those of the newest ones. */
export const VERSIONS: readonly { title: string; Koa: KoaClass; Router: RouterClass }[] = [
  { title: 'Koa 3, @koa/router 15', Koa: Koa3, Router: Router15 },
  { title: 'Koa 2, @koa/router 15', Koa: require('koa-2') as KoaClass, Router: Router15 },
  {
    title: 'Koa 2, @koa/router 12',
    Koa: require('koa-2') as KoaClass,
    Router: require('@koa/router-12') as RouterClass,
  },
];

/** It has no types. */
export const mount = require('koa-mount') as (prefix: string, inner: Koa3 | Middleware) => Middleware;

/** To be called in a `describe`. @returns what serves an application; it is closed after the test. */
export const useSites = (): ((app: Koa3) => Promise<Site>) =>
  useListening((app) => app.listen(0, '127.0.0.1'));
