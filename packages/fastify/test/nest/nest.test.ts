import afstatsd from '@afstatsd/fastify';
import { Controller, Get, Module, NotFoundException, Param, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type Recorded, useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import 'reflect-metadata';

class Users {
  one(id: string): string {
    if (id === '0') throw new NotFoundException();
    return id;
  }

  add(): never {
    throw new Error('no');
  }
}

class Root {
  // Nest wants a class, and needs nothing in it.
  readonly name = 'root';
}

// By hand, what `@Controller('users/:tenant')`, `@Get(':id')`, `@Post()` and `@Module` do.
Controller('users/:tenant')(Users);
for (const [method, decorate] of [
  ['one', Get(':id')],
  ['add', Post()],
] as const) {
  decorate(Users.prototype, method, Object.getOwnPropertyDescriptor(Users.prototype, method)!);
}
Param('id')(Users.prototype, 'one', 0);
Module({ controllers: [Users] })(Root);

describe('NestJS on Fastify', () => {
  let nest: NestFastifyApplication;
  let url: string;
  let recorded: Recorded;

  beforeEach(async () => {
    recorded = makeClient();
    nest = await NestFactory.create<NestFastifyApplication>(Root, new FastifyAdapter(), { logger: false });
    nest.setGlobalPrefix('api');
    await nest.register(afstatsd, { statsd: recorded.statsd });
    await nest.listen(0, '127.0.0.1');
    url = await nest.getUrl();
  });

  afterEach(async () => {
    await nest.close();
    // A request that is recorded twice is found here at the latest.
    await recorded.becomes({});
  });
  const makeClient = useClients();

  it('names requests by the controllers’ templates', async () => {
    expect(await (await fetch(`${url}/api/users/acme/5`)).text()).to.equal('5');
    await fetch(`${url}/api/users/acme`, { method: 'POST' });
    await recorded.becomes({
      'timer http.request get /api/users/:tenant/:id 2xx': 1,
      'timer http.request post /api/users/:tenant 5xx': 1,
    });
  });

  it('keeps the route of a NotFoundException, and names unknown paths `unmatched`', async () => {
    await (await fetch(`${url}/api/users/acme/0`)).text();
    await (await fetch(`${url}/api/nowhere/acme`)).text();
    await recorded.becomes({
      'timer http.request get /api/users/:tenant/:id 4xx': 1,
      'timer http.request get unmatched 4xx': 1,
    });
  });
});
