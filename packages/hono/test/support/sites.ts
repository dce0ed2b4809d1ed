import type { Server } from 'node:http';
import { type Site, useListening } from '@afstatsd/testing';
import { serve } from '@hono/node-server';
import { Hono as Newest } from 'hono';

export type HonoClass = typeof Newest;

/** The types are those of the newest one. */
export const VERSIONS: readonly { title: string; Hono: HonoClass }[] = [
  { title: 'Hono 4.13', Hono: Newest },
  { title: 'Hono 4.0', Hono: (require('hono-4.0') as { Hono: HonoClass }).Hono },
];

/** To be called in a `describe`. @returns what serves an application by `@hono/node-server`; it is closed after the test. */
export const useSites = (): ((app: Newest) => Promise<Site>) =>
  useListening(({ fetch }) => serve({ fetch, hostname: '127.0.0.1', port: 0 }) as Server);
