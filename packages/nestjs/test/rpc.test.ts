import 'reflect-metadata';
import { type Recorded, freePort, until, useCleanup, useClients } from '@afstatsd/testing';
import {
  Controller,
  type DynamicModule,
  type INestApplication,
  Module,
  type Type,
  UseInterceptors,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  ClientProxyFactory,
  type ClientProxy,
  EventPattern,
  GrpcMethod,
  MessagePattern,
  Payload,
  RpcException,
  Transport,
} from '@nestjs/microservices';
import { expect } from 'chai';
import { Observable, from, lastValueFrom, toArray } from 'rxjs';
import { AfstatsdInterceptor, AfstatsdModule, type AfstatsdModuleOptions } from '../src/index.js';
import { labelOf } from '../src/labels.js';
import { useApps } from './support/apps.js';

let events = 0;
let subscribed = 0;
let unsubscribed = 0;

@Controller()
class SumsController {
  @MessagePattern({ cmd: 'sum', a: 1 })
  sum(@Payload() numbers: number[]): number {
    if (numbers.length === 0) throw new RpcException('nothing to add');
    return numbers.reduce((a, b) => a + b, 0);
  }

  @MessagePattern('later')
  async later(): Promise<string> {
    await new Promise((resolve) => void setImmediate(resolve));
    return 'done';
  }

  @MessagePattern('numbers')
  numbers(): Observable<number> {
    return from([1, 2, 3]);
  }

  @MessagePattern('endless')
  endless(): Observable<number> {
    return new Observable((subscriber) => {
      subscribed++;
      subscriber.next(1);
      return () => void unsubscribed++;
    });
  }

  @EventPattern(['order.placed', 'order.changed'])
  placed(): void {
    events++;
  }

  @GrpcMethod('Heroes', 'FindOne')
  grpc(): void {}
}

describe('Handlers of a microservice (TCP)', () => {
  const makeClient = useClients();
  const start = useApps();
  const later = useCleanup();
  let seen: Recorded;

  beforeEach(() => {
    seen = makeClient();
    events = 0;
    subscribed = 0;
    unsubscribed = 0;
  });

  const rootOf = (options: AfstatsdModuleOptions = {}, controllers: Type[] = [SumsController]): Type => {
    @Module({ imports: [AfstatsdModule.forRoot({ client: seen.statsd, ...options })], controllers })
    class AppModule {}
    return AppModule;
  };
  const connectTo = (port: number): ClientProxy => {
    const client = ClientProxyFactory.create({
      transport: Transport.TCP,
      options: { host: '127.0.0.1', port },
    });
    later(() => client.close());
    return client;
  };
  const serve = async (root: Type | DynamicModule): Promise<ClientProxy> => {
    const port = await freePort();
    const app = await NestFactory.createMicroservice(root, {
      transport: Transport.TCP,
      options: { host: '127.0.0.1', port },
      logger: false,
      abortOnError: false,
    });
    later(() => app.close());
    await app.listen();
    return connectTo(port);
  };
  const ask = (client: ClientProxy, pattern: unknown, data: unknown): Promise<unknown> =>
    lastValueFrom(client.send(pattern, data));

  it('are timed by pattern, and answer as without it', async () => {
    const client = await serve(rootOf());
    expect(await ask(client, { cmd: 'sum', a: 1 }, [1, 2])).to.equal(3);
    expect(await ask(client, { cmd: 'sum', a: 1 }, [4])).to.equal(4);
    expect(await ask(client, 'later', '')).to.equal('done');
    await seen.becomes({
      'timer rpc.request message success a=1&cmd=sum': 2,
      'timer rpc.request message success later': 1,
    });
  });

  it('that fail are failures, and the caller gets their error', async () => {
    const client = await serve(rootOf());
    const error = await ask(client, { cmd: 'sum', a: 1 }, []).catch((reason: unknown) => reason);
    expect(error).to.have.property('message', 'nothing to add');
    await seen.becomes({ 'timer rpc.request message failure a=1&cmd=sum': 1 });
  });

  it('that stream are timed to their end', async () => {
    const client = await serve(rootOf());
    const numbers = await lastValueFrom(client.send('numbers', '').pipe(toArray()));
    expect(numbers).to.deep.equal([1, 2, 3]);
    await seen.becomes({ 'timer rpc.request message success numbers': 1 });
  });

  it('for events are told apart, with all of their patterns', async () => {
    const client = await serve(rootOf());
    await lastValueFrom(client.emit('order.placed', 1), { defaultValue: undefined });
    await lastValueFrom(client.emit('order.changed', 1), { defaultValue: undefined });
    await until('the events have come', () => events === 2);
    await seen.becomes({ 'timer rpc.request event success order.placed+order.changed': 2 });
  });

  it('in a hybrid application are timed with inheritAppConfig', async () => {
    const port = await freePort();
    await start(rootOf(), 'Express', (app) => connectMicroservice(app, port, true));
    expect(await ask(connectTo(port), 'later', '')).to.equal('done');
    await seen.becomes({ 'timer rpc.request message success later': 1 });
  });

  it('in a hybrid application without it are timed by @UseInterceptors', async () => {
    const port = await freePort();
    @UseInterceptors(AfstatsdInterceptor)
    @Controller()
    class Intercepted extends SumsController {}
    await start(rootOf({}, [Intercepted]), 'Express', (app) => connectMicroservice(app, port, false));
    expect(await ask(connectTo(port), 'later', '')).to.equal('done');
    await seen.becomes({ 'timer rpc.request message success later': 1 });
  });

  it('are timed once with the module imported twice and @UseInterceptors', async () => {
    @UseInterceptors(AfstatsdInterceptor)
    @Controller()
    class Intercepted extends SumsController {}
    @Module({
      imports: [
        rootOf({}, [Intercepted]),
        AfstatsdModule.forRootAsync({ useFactory: () => ({ client: seen.statsd }) }),
      ],
    })
    class TwiceModule {}
    const client = await serve(TwiceModule);
    expect(await ask(client, 'later', '')).to.equal('done');
    await seen.becomes({ 'timer rpc.request message success later': 1 });
  });

  it('have a prefix', async () => {
    const client = await serve(rootOf({ prefix: 'sums' }));
    await ask(client, 'later', '');
    await seen.becomes({ 'timer sums.rpc.request message success later': 1 });
  });

  it('are not timed with handlers: false, or rpc: false', async () => {
    for (const handlers of [false, { rpc: false }] as const) {
      const client = await serve(rootOf({ handlers }));
      expect(await ask(client, 'later', '')).to.equal('done');
      expect(await seen.counts()).to.deep.equal({});
    }
  });

  it('that still run when the client leaves go on', async () => {
    const client = await serve(rootOf());
    const subscription = client.send('endless', '').subscribe();
    await until('the stream runs', () => subscribed === 1);
    subscription.unsubscribe();
    expect(unsubscribed).to.equal(0);
    expect(await seen.counts()).to.deep.equal({});
  });

  it('of gRPC have the names of service and method', () => {
    const handler = Object.getOwnPropertyDescriptor(SumsController.prototype, 'grpc')!.value as () => void;
    const context = { getHandler: () => handler, getClass: () => SumsController };
    expect(labelOf('rpc', context as never)).to.deep.equal({
      name: 'rpc.request',
      tags: { kind: 'message', pattern: 'Heroes/FindOne' },
    });
  });
});

function connectMicroservice(app: INestApplication, port: number, inheritAppConfig: boolean): void {
  app.connectMicroservice(
    { transport: Transport.TCP, options: { host: '127.0.0.1', port } },
    { inheritAppConfig },
  );
}
