import type { IncomingMessage } from 'node:http';
import { type Recorded, freePort, useCleanup, useClients } from '@afstatsd/testing';
import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  Inject,
  Injectable,
  Module,
  Param,
  UseGuards,
} from '@nestjs/common';
import { ClientProxyFactory, MessagePattern, Payload, Transport } from '@nestjs/microservices';
import { StatsdClient } from '@afstatsd/core';
import { expect } from 'chai';
import { Observable, lastValueFrom } from 'rxjs';
import { AfstatsdModule, type AfstatsdModuleOptions } from '../src/index.js';
import { ADAPTERS, useApps } from './support/apps.js';

@Injectable()
class Guard implements CanActivate {
  readonly #statsd: StatsdClient;
  constructor(@Inject(StatsdClient) statsd: StatsdClient) {
    this.#statsd = statsd;
  }
  canActivate(): boolean {
    this.#statsd.increment('guard');
    return true;
  }
}

@Controller()
class OrdersController {
  readonly #statsd: StatsdClient;
  constructor(@Inject(StatsdClient) statsd: StatsdClient) {
    this.#statsd = statsd;
  }

  @UseGuards(Guard)
  @Get('orders/:tenant')
  async one(@Param('tenant') tenant: string): Promise<object> {
    await new Promise((resolve) => void setImmediate(resolve));
    this.#statsd.setRequestTags({ plan: 'pro' });
    this.#statsd.increment('handler');
    return { tenant };
  }

  @MessagePattern('order')
  order(@Payload() _tenant: string): Observable<number> {
    this.#statsd.increment('called');
    return new Observable((subscriber) => {
      this.#statsd.increment('subscribed');
      subscriber.next(1);
      subscriber.complete();
    });
  }
}

for (const adapter of ADAPTERS) {
  describe(`Request tags (${adapter})`, () => {
    const makeClient = useClients();
    const start = useApps();
    const later = useCleanup();
    let seen: Recorded;

    beforeEach(() => {
      seen = makeClient();
    });

    function moduleWith(options: AfstatsdModuleOptions): new () => object {
      @Module({
        imports: [AfstatsdModule.forRoot({ client: seen.statsd, handlers: false, ...options })],
        controllers: [OrdersController],
        providers: [Guard],
      })
      class AppModule {}
      return AppModule;
    }

    it('of HTTP are there from the beginning of a request', async () => {
      const requestTags = ({ url }: IncomingMessage): { path: string | undefined } => ({ path: url });
      const http = { timing: false, pageviews: false, requestTags };
      const { url } = await start(moduleWith({ http }), adapter);
      await Promise.all(['a', 'b'].map(async (tenant) => (await fetch(`${url}/orders/${tenant}`)).text()));
      await seen.becomes({
        'counter guard /orders/a': 1,
        'counter guard /orders/b': 1,
        'counter handler /orders/a pro': 1,
        'counter handler /orders/b pro': 1,
      });
    });

    it('of handlers are there for every transport, also when an Observable is subscribed to', async () => {
      const requestTags = (context: ExecutionContext): { tenant: string } => ({
        tenant:
          context.getType() === 'http'
            ? context.switchToHttp().getRequest<{ params: { tenant: string } }>().params.tenant
            : context.switchToRpc().getData<string>(),
      });
      const port = await freePort();
      const { url } = await start(moduleWith({ http: false, requestTags }), adapter, (app) => {
        app.connectMicroservice(
          { transport: Transport.TCP, options: { host: '127.0.0.1', port } },
          { inheritAppConfig: true },
        );
      });
      const client = ClientProxyFactory.create({
        transport: Transport.TCP,
        options: { host: '127.0.0.1', port },
      });
      later(() => client.close());
      expect(await (await fetch(`${url}/orders/a`)).json()).to.deep.equal({ tenant: 'a' });
      expect(await lastValueFrom(client.send('order', 'b'))).to.equal(1);
      await seen.becomes({
        'counter guard': 1,
        'counter handler pro a': 1,
        'counter called b': 1,
        'counter subscribed b': 1,
      });
    });

    it('of a function that throws leave the handler alone', async () => {
      const requestTags = (): never => {
        throw new Error('on purpose');
      };
      const { url } = await start(moduleWith({ http: false, requestTags }), adapter);
      expect(await (await fetch(`${url}/orders/a`)).json()).to.deep.equal({ tenant: 'a' });
      expect(seen.log.warnings[0]).to.equal(
        'afstatsd: the requestTags function of AfstatsdModule threw "Error: on purpose" (said once)',
      );
      await seen.becomes({ 'counter guard': 1, 'counter handler': 1 });
    });
  });
}
