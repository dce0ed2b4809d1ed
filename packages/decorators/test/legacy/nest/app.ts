import type { AddressInfo } from 'node:net';
import { useCleanup } from '@afstatsd/testing';
import {
  type INestApplication,
  type MiddlewareConsumer,
  Module,
  type NestModule,
  type Type,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import type { Arrangement } from './arrangement.js';
import { makeBasket } from './basket.js';
import { Departures, makeFeed } from './feed.js';
import { makeItems } from './items.js';
import { Stock, Supplier, makeStock } from './stock.js';

/** A Nest application that listens. */
export class App {
  readonly url: string;
  readonly departures: Departures;
  /** By name. */
  readonly classes: Readonly<Record<'Items' | 'Feed' | 'Basket' | 'StockRoom', Type<object>>>;
  readonly #nest: INestApplication;
  #closed: Promise<void> | undefined;

  constructor(nest: INestApplication, classes: App['classes']) {
    const { port } = (nest.getHttpServer() as { address(): AddressInfo }).address();
    this.url = `http://127.0.0.1:${port}`;
    this.departures = nest.get(Departures);
    this.classes = classes;
    this.#nest = nest;
  }

  /** Lifecycle hooks have been called when this is over. Can be called again. */
  close(): Promise<void> {
    return (this.#closed ??= this.#nest.close());
  }
}

function mark(
  _request: unknown,
  response: { setHeader(name: string, value: string): void },
  next: () => void,
): void {
  response.setHeader('x-middleware', 'yes');
  next();
}

/** To be called in a `describe`. @returns what starts applications, which are closed after the test. */
export function useApps(): (arrangement: Arrangement) => Promise<App> {
  const later = useCleanup();
  return async (arrangement) => {
    const app = await makeApp(arrangement);
    later(() => app.close());
    return app;
  };
}

/** Starts the application with classes of its own, since decorators change those that they stand on. */
async function makeApp(arrangement: Arrangement): Promise<App> {
  const StockRoom = makeStock(arrangement);
  const classes = {
    Items: makeItems(arrangement),
    Feed: makeFeed(arrangement),
    Basket: makeBasket(arrangement),
    StockRoom,
  };
  @Module({
    controllers: [classes.Items, classes.Feed, classes.Basket],
    providers: [Supplier, Departures, { provide: Stock, useClass: StockRoom }],
  })
  class Root implements NestModule {
    /** By a class: Nest looks for the routes of its handlers once more. */
    configure(consumer: MiddlewareConsumer): void {
      consumer.apply(mark).forRoutes(classes.Feed, classes.Basket);
    }
  }
  // Without `forceCloseConnections`, closing waits until `fetch` lets go of its connections.
  // The adapter is named, and so loaded with this file: in Node 20, an import of it that came after a `rmSync` of a directory
  // that isn't empty was resolved without its symbolic links, to other versions of what it depends on.
  const nest = await NestFactory.create(Root, new ExpressAdapter(), {
    logger: false,
    abortOnError: false,
    forceCloseConnections: true,
  });
  await nest.listen(0, '127.0.0.1');
  return new App(nest, classes);
}
