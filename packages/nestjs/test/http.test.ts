import { connect } from 'node:net';
import { type Recorded, until, useCleanup, useClients } from '@afstatsd/testing';
import { afstatsdExpress } from '@afstatsd/express';
import { afstatsd } from '@afstatsd/fastify';
import {
  type CanActivate,
  Controller,
  ForbiddenException,
  Get,
  HttpException,
  Module,
  NotFoundException,
  Param,
  ParseIntPipe,
  Sse,
  UseGuards,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { Observable, of } from 'rxjs';
import { expect } from 'chai';
import { AfstatsdModule, type AfstatsdModuleOptions } from '../src/index.js';
import { ADAPTERS, type Listening, listen, useApps } from './support/apps.js';

class Refuse implements CanActivate {
  canActivate(): boolean {
    throw new ForbiddenException();
  }
}

let waiting = 0;

@Controller('tenants/:tenant/users')
class UsersController {
  @Get(':id')
  one(@Param('id', ParseIntPipe) id: number): object {
    if (id === 0) throw new NotFoundException();
    if (id === 1) throw new HttpException('teapot', 418);
    if (id === 2) throw new Error('a defect');
    return { id };
  }

  @UseGuards(Refuse)
  @Get(':id/secret')
  secret(): string {
    return 'secret';
  }

  @Get(':id/stream')
  stream(): Observable<string> {
    return of('first', 'last');
  }

  @Get(':id/never')
  never(): Promise<never> {
    waiting++;
    return new Promise(() => {});
  }

  @Sse(':id/events')
  events(): Observable<object> {
    return of({ data: 'a' }, { data: 'b' });
  }
}

@Controller()
class RootController {
  @Get('health')
  health(): object {
    return { ok: true };
  }
}

for (const adapter of ADAPTERS) {
  describe(`HTTP requests (${adapter})`, () => {
    const makeClient = useClients();
    const start = useApps();
    let seen: Recorded;

    beforeEach(() => {
      seen = makeClient();
      waiting = 0;
    });

    const serve = (options: AfstatsdModuleOptions = {}): Promise<Listening> => {
      @Module({
        imports: [AfstatsdModule.forRoot({ client: seen.statsd, ...options })],
        controllers: [UsersController, RootController],
      })
      class AppModule {}
      return start(AppModule, adapter);
    };
    const get = async (url: string): Promise<number> => {
      const response = await fetch(url);
      await response.text();
      return response.status;
    };

    it('have the templates of their controllers, and are counted once', async () => {
      const { url } = await serve();
      expect(await get(`${url}/tenants/acme/users/7`)).to.equal(200);
      expect(await get(`${url}/tenants/beta/users/8`)).to.equal(200);
      await seen.becomes({ 'timer http.request get /tenants/:tenant/users/:id 2xx': 2 });
    });

    it('keep the route when a handler, a pipe or a guard refuses them', async () => {
      const { url } = await serve();
      const statuses = [];
      for (const path of ['0', '1', 'NaN', '2', '3/secret']) {
        statuses.push(await get(`${url}/tenants/acme/users/${path}`));
      }
      expect(statuses).to.deep.equal([404, 418, 400, 500, 403]);
      await seen.becomes({
        'timer http.request get /tenants/:tenant/users/:id 4xx': 3,
        'timer http.request get /tenants/:tenant/users/:id 5xx': 1,
        'timer http.request get /tenants/:tenant/users/:id/secret 4xx': 1,
      });
    });

    it('of no route are unmatched', async () => {
      const { url } = await serve();
      expect(await get(`${url}/nothing`)).to.equal(404);
      await seen.becomes({ 'timer http.request get unmatched 4xx': 1 });
    });

    it('below a global prefix have it in their route', async () => {
      @Module({
        imports: [AfstatsdModule.forRoot({ client: seen.statsd })],
        controllers: [RootController],
      })
      class AppModule {}
      const { url } = await start(AppModule, adapter, (app) => void app.setGlobalPrefix('api'));
      expect(await get(`${url}/api/health`)).to.equal(200);
      await seen.becomes({ 'timer http.request get /api/health 2xx': 1 });
    });

    it('that the client gives up are aborted, and not in flight any more', async () => {
      const { url, server } = await serve({ http: { inFlight: true } });
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      socket.write('GET /tenants/acme/users/7/never HTTP/1.1\r\nHost: x\r\n\r\n');
      await until('the handler waits', () => waiting === 1);
      await seen.gaugeBecomes('http.in_flight', 1);
      socket.destroy();
      await seen.becomes({ 'counter http.aborted get /tenants/:tenant/users/:id/never': 1 });
      await seen.gaugeBecomes('http.in_flight', 0);
      expect(server.listening).to.equal(true);
    });

    it('for event streams are timed to their headers', async () => {
      const { url } = await serve();
      expect(await get(`${url}/tenants/acme/users/7/events`)).to.equal(200);
      await seen.becomes({ 'timer http.ttfb get /tenants/:tenant/users/:id/events': 1 });
    });

    it('that are excluded are not recorded', async () => {
      const { url } = await serve({ http: { exclude: ['/health'] } });
      expect(await get(`${url}/health`)).to.equal(200);
      expect(await get(`${url}/tenants/acme/users/7`)).to.equal(200);
      await seen.becomes({ 'timer http.request get /tenants/:tenant/users/:id 2xx': 1 });
    });

    it('are not recorded with http: false', async () => {
      const { url } = await serve({ http: false });
      expect(await get(`${url}/health`)).to.equal(200);
      expect(await seen.counts()).to.deep.equal({});
    });

    it('are counted once beside the middleware, and with the module imported twice', async () => {
      @Module({
        imports: [
          AfstatsdModule.forRoot({ client: seen.statsd }),
          AfstatsdModule.forRootAsync({ useFactory: () => ({ client: seen.statsd }) }),
        ],
        controllers: [RootController],
      })
      class AppModule {}
      const { url } = await start(AppModule, adapter, (app) => {
        if (adapter === 'Express') app.use(afstatsdExpress({ statsd: seen.statsd }));
        else {
          const fastify = app.getHttpAdapter().getInstance() as {
            register(plugin: unknown, options: unknown): void;
          };
          fastify.register(afstatsd, { statsd: seen.statsd });
        }
      });
      expect(await get(`${url}/health`)).to.equal(200);
      await seen.becomes({ 'timer http.request get /health 2xx': 1 });
    });
  });
}

/** An adapter that the module doesn't know. */
class OtherAdapter extends ExpressAdapter {
  override getType(): string {
    return 'other';
  }
}

describe('HTTP requests (another adapter)', () => {
  const makeClient = useClients();
  const later = useCleanup();

  it('are recorded if they reach a handler, under its route', async () => {
    const seen = makeClient();
    @Module({
      imports: [AfstatsdModule.forRoot({ client: seen.statsd })],
      controllers: [UsersController],
    })
    class AppModule {}
    const app = await NestFactory.create(AppModule, new OtherAdapter(), {
      logger: false,
      abortOnError: false,
      forceCloseConnections: true,
    });
    later(() => app.close());
    const { url } = await listen(app);
    expect((await fetch(`${url}/tenants/acme/users/7`)).status).to.equal(200);
    expect((await fetch(`${url}/nothing`)).status).to.equal(404);
    await seen.becomes({ 'timer http.request get /tenants/:tenant/users/:id 2xx': 1 });
  });
});
