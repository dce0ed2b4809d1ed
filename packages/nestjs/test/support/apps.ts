import 'reflect-metadata';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { useCleanup } from '@afstatsd/testing';
import type { DynamicModule, INestApplication, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';

/** Of the NestJS that these tests run with. */
export const NEST_VERSION = (require('@nestjs/core/package.json') as { version: string }).version;

/** An application that listens. */
export interface Listening {
  readonly app: INestApplication;
  readonly url: string;
  readonly server: Server;
}

export type AdapterName = 'Express' | 'Fastify';
export const ADAPTERS: readonly AdapterName[] = ['Express', 'Fastify'];

export function adapterOf(name: AdapterName): ExpressAdapter | FastifyAdapter {
  return name === 'Express' ? new ExpressAdapter() : new FastifyAdapter();
}

/** Has an application listen on a free port. */
export async function listen(app: INestApplication): Promise<Listening> {
  await app.listen(0, '127.0.0.1');
  const server = app.getHttpServer() as Server;
  if (!server.listening) await once(server, 'listening');
  return { app, server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** To be called in a `describe`. @returns what starts applications; they are closed after the test. */
export function useApps(): (
  root: Type | DynamicModule,
  adapter?: AdapterName,
  configure?: (app: INestApplication) => void | Promise<void>,
) => Promise<Listening> {
  const later = useCleanup();
  return async (root, adapter = 'Express', configure = () => {}) => {
    const options = { logger: false, abortOnError: false, forceCloseConnections: true } as const;
    const app =
      adapter === 'Express'
        ? await NestFactory.create(root, new ExpressAdapter(), options)
        : await NestFactory.create<NestFastifyApplication>(root, new FastifyAdapter(), options);
    later(() => app.close());
    await configure(app);
    await app.startAllMicroservices();
    return listen(app);
  };
}
