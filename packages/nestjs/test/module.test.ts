import 'reflect-metadata';
import {
  Statsd,
  StatsdClient,
  type BoundCounter,
  type BoundGauge,
  type BoundSet,
  type BoundTimer,
} from '@afstatsd/core';
import { createRecordingClient, recordingOf } from '@afstatsd/core/testing';
import { type Recorded, until, useCleanup, useClients } from '@afstatsd/testing';
import {
  Controller,
  Get,
  Injectable,
  type INestApplication,
  type INestApplicationContext,
  Module,
  type OnApplicationShutdown,
  type Type,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { expect } from 'chai';
import {
  AfstatsdModule,
  type AfstatsdModuleOptions,
  InjectMetric,
  InjectStatsd,
  getMetricToken,
  getStatsdToken,
  makeCounterProvider,
  makeGaugeProvider,
  makeSetProvider,
  makeTimerProvider,
} from '../src/index.js';
import { ADAPTERS, adapterOf, listen } from './support/apps.js';

@Injectable()
class Orders {
  readonly byType: StatsdClient;
  readonly byToken: StatsdClient;

  constructor(byType: StatsdClient, @InjectStatsd() byToken: StatsdClient) {
    this.byType = byType;
    this.byToken = byToken;
  }

  place(): void {
    this.byType.increment('orders');
  }
}

@Controller('orders')
class OrdersController {
  readonly orders: Orders;
  constructor(orders: Orders) {
    this.orders = orders;
  }
  @Get(':id')
  one(): object {
    this.orders.place();
    return {};
  }
}

describe('AfstatsdModule', () => {
  const makeClient = useClients();
  const later = useCleanup();
  let seen: Recorded;

  beforeEach(() => {
    seen = makeClient();
  });

  const contextOf = async (root: Type): Promise<INestApplicationContext> => {
    const app = await NestFactory.createApplicationContext(root, { logger: false, abortOnError: false });
    later(() => app.close());
    return app;
  };
  const rootOf = (options: AfstatsdModuleOptions, more: Parameters<typeof Module>[0] = {}): Type => {
    @Module({
      ...more,
      imports: [AfstatsdModule.forRoot(options), ...(more.imports ?? [])],
      providers: [Orders, ...(more.providers ?? [])],
    })
    class AppModule {}
    return AppModule;
  };

  it('provides the client, by its type and by @InjectStatsd', async () => {
    const app = await contextOf(rootOf({ client: seen.statsd }));
    const orders = app.get(Orders);
    expect(orders.byType).to.equal(seen.statsd);
    expect(orders.byToken).to.equal(seen.statsd);
    orders.place();
    await seen.becomes({ 'counter orders': 1 });
  });

  it('provides the shared Statsd without a client, and configures it with options', async () => {
    later(() => Statsd.configure({ transport: 'memory:' }));
    expect((await contextOf(rootOf({}))).get(StatsdClient)).to.equal(Statsd);
    const app = await contextOf(
      rootOf({ client: { transport: seen.memory, interval: Infinity, prefix: 'shop' } }),
    );
    app.get(Orders).place();
    await Statsd.flush();
    Statsd.configure({ prefix: '' });
    expect(seen.memory.find('shop.orders')).to.have.length(1);
  });

  it('takes its options from another provider', async () => {
    @Injectable()
    class Config {
      readonly prefix = 'shop';
    }
    @Module({ providers: [Config], exports: [Config] })
    class ConfigModule {}
    @Injectable()
    class Factory {
      create(): AfstatsdModuleOptions {
        return { client: seen.statsd };
      }
    }
    const byFactory = AfstatsdModule.forRootAsync({
      imports: [ConfigModule],
      inject: [Config],
      useFactory: async ({ prefix }: Config) => ({ client: seen.statsd.child({ prefix }) }),
    });
    const byClass = AfstatsdModule.forRootAsync({ useClass: Factory });
    for (const imported of [byFactory, byClass]) {
      @Module({ imports: [imported], providers: [Orders] })
      class AppModule {}
      (await contextOf(AppModule)).get(Orders).place();
    }
    await seen.becomes({ 'counter shop.orders': 1, 'counter orders': 1 });
  });

  it('is global, unless isGlobal is false', async () => {
    @Module({ providers: [Orders] })
    class Feature {}
    const importing = (isGlobal: boolean): Type => {
      @Module({ imports: [AfstatsdModule.forRoot({ client: seen.statsd, isGlobal }), Feature] })
      class AppModule {}
      return AppModule;
    };
    expect((await contextOf(importing(true))).get(Orders).byType).to.equal(seen.statsd);
    const error = await contextOf(importing(false)).catch((reason: unknown) => reason);
    expect(String(error)).to.contain("Nest can't resolve dependencies of the Orders");
  });

  it('makes clients of features', async () => {
    @Injectable()
    class Payments {
      readonly statsd: StatsdClient;
      constructor(@InjectStatsd('payments') statsd: StatsdClient) {
        this.statsd = statsd;
      }
    }
    const { statsd } = (
      await contextOf(
        rootOf(
          { client: seen.statsd },
          { imports: [AfstatsdModule.forFeature('payments')], providers: [Payments] },
        ),
      )
    ).get(Payments);
    statsd.increment('refunds');
    const tagged = AfstatsdModule.forFeature('cards', { tags: { provider: 'acme' } });
    const app = await contextOf(rootOf({ client: seen.statsd }, { imports: [tagged] }));
    app.get<StatsdClient>(getStatsdToken('cards')).increment('refunds');
    await seen.becomes({ 'counter payments.refunds': 1, 'counter refunds acme': 1 });
  });

  it('provides metrics, to be injected by name', async () => {
    @Injectable()
    class Stock {
      constructor(
        @InjectMetric('orders') orders: BoundCounter,
        @InjectMetric('stock') stock: BoundGauge,
        @InjectMetric('pick') pick: BoundTimer,
        @InjectMetric('customers') customers: BoundSet,
      ) {
        orders.increment();
        stock.set(3);
        pick.record(5);
        customers.add('ann');
      }
    }
    const providers = [
      Stock,
      makeCounterProvider('orders', { tags: { method: 'card' } }),
      makeGaugeProvider('stock'),
      makeTimerProvider('pick'),
      makeSetProvider('customers'),
    ];
    await contextOf(rootOf({ client: seen.statsd }, { providers }));
    expect(await seen.counts()).to.deep.equal({
      'counter orders card': 1,
      'gauge stock': 3,
      'timer pick': 1,
      'set customers': 1,
    });
  });

  it('reads a gauge from an injected service', async () => {
    @Injectable()
    class Queue {
      size = 3;
    }
    @Injectable()
    class QueueMetrics {
      constructor(statsd: StatsdClient, queue: Queue) {
        statsd.gauge('queue_size', () => queue.size);
      }
    }
    const app = await contextOf(rootOf({ client: seen.statsd }, { providers: [Queue, QueueMetrics] }));
    expect(await seen.gauge('queue_size')).to.equal(3);
    app.get(Queue).size = 4;
    await seen.gaugeBecomes('queue_size', 4);
  });

  it('has tags and a prefix of all metrics', async () => {
    later(() => Statsd.configure({ transport: 'memory:' }));
    const client = { transport: seen.memory, interval: Infinity, prefix: 'shop', tags: { app: 'web' } };
    const app = await contextOf(rootOf({ client }));
    app.get(Orders).place();
    await Statsd.flush();
    Statsd.configure({ prefix: '', tags: {} });
    expect(seen.memory.find('shop.orders', { app: 'web' })).to.have.length(1);
  });

  it('collects runtime metrics by an option', async () => {
    later(() => Statsd.configure({ transport: 'memory:', runtimeMetrics: false }));
    const app = await contextOf(
      rootOf({ client: { transport: seen.memory, interval: Infinity, runtimeMetrics: true } }),
    );
    app.get(Orders).place();
    await until('the heap is there', async () => {
      await Statsd.flush();
      return seen.memory.metrics.some(({ name }) => name.includes('heap'));
    });
  });

  it('refuses options that are unknown or can not be used, by their names', async () => {
    const refused = (options: unknown): string => {
      try {
        AfstatsdModule.forRoot(options as AfstatsdModuleOptions);
        return 'accepted';
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(refused({ htpp: false })).to.contain('AfstatsdModule: unknown option "htpp"');
    expect(refused({ http: 7 })).to.contain(
      'AfstatsdModule: option http must be true, false, or options of HTTP',
    );
    expect(refused({ handlers: { cron: true } })).to.contain(
      'AfstatsdModule: handlers.unknown option "cron"',
    );
    expect(refused({ flushTimeout: -1 })).to.contain('option flushTimeout must be an integer of at least 0');
    const error = await contextOf(rootOf({ client: seen.statsd, http: { bites: true } as never })).catch(
      (reason: unknown) => reason,
    );
    expect(String(error)).to.contain('unknown option "bites"');
  });

  describe('when the application is closed', () => {
    it('flushes, after all other modules', async () => {
      @Injectable()
      class Last implements OnApplicationShutdown {
        onApplicationShutdown(): void {
          seen.statsd.increment('closed');
        }
      }
      const app = await contextOf(rootOf({ client: seen.statsd }, { providers: [Last] }));
      app.get(Orders).place();
      expect(seen.memory.metrics).to.deep.equal([]);
      await app.close();
      expect(seen.memory.metrics.map(({ name }) => name)).to.deep.equal(['orders', 'closed']);
    });

    it('flushes nothing with flushTimeout: 0', async () => {
      const app = await contextOf(rootOf({ client: seen.statsd, flushTimeout: 0 }));
      app.get(Orders).place();
      await app.close();
      expect(seen.memory.metrics).to.deep.equal([]);
    });

    it('leaves the client to the next application', async () => {
      for (let round = 1; round <= 2; round++) {
        const app = await contextOf(rootOf({ client: seen.statsd }));
        app.get(Orders).place();
        await app.close();
      }
      expect(seen.memory.find('orders')).to.have.length(2);
    });
  });

  for (const adapter of ADAPTERS) {
    describe(`in a testing module (${adapter})`, () => {
      const started = async (client: unknown): Promise<{ app: INestApplication; url: string }> => {
        const root = rootOf({ client: seen.statsd }, { controllers: [OrdersController] });
        const testing = await Test.createTestingModule({ imports: [root] })
          .overrideProvider(StatsdClient)
          .useValue(client)
          .compile();
        const app = testing.createNestApplication(adapterOf(adapter), {
          logger: false,
          forceCloseConnections: true,
        });
        later(() => app.close());
        return listen(app);
      };

      it('records with the client that a test puts in the place', async () => {
        const statsd = createRecordingClient();
        const { url } = await started(statsd);
        expect((await fetch(`${url}/orders/7`)).status).to.equal(200);
        await seen.becomes({});
        const recorded = recordingOf(statsd).metrics();
        expect(recorded.map(({ kind, name }) => `${kind} ${name}`)).to.have.members([
          'counter orders',
          'timer http.request',
        ]);
        expect(recorded.find(({ name }) => name === 'http.request')!.tags).to.deep.include({
          route: '/orders/:id',
        });
      });

      it('works with a stand-in that can do nothing else', async () => {
        let orders = 0;
        const { url } = await started({ increment: () => void orders++ });
        expect((await fetch(`${url}/orders/7`)).status).to.equal(200);
        expect(orders).to.equal(1);
        await seen.becomes({});
      });
    });
  }

  it('has tokens for metrics and clients', () => {
    expect(getStatsdToken()).to.equal(StatsdClient);
    expect(getMetricToken('orders')).to.not.equal(getStatsdToken('orders'));
  });
});
