import 'reflect-metadata';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { afstatsdExpress } from '@afstatsd/express';
import {
  Controller,
  Get,
  HttpException,
  type INestApplication,
  Module,
  NotFoundException,
  Param,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { type Recorded, useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import { Site } from '../support/site.js';

class Users {
  one(id: string): object {
    if (id === '0') throw new NotFoundException();
    if (id === '1') throw new HttpException('teapot', 418);
    return { id };
  }
}

class Root {
  declare readonly users: Users;
}

// What `@Get(':id')` and so on do, without the syntax, so that no compiler option is needed.
const one = Object.getOwnPropertyDescriptor(Users.prototype, 'one')!;
Get(':id')(Users.prototype, 'one', one);
Param('id')(Users.prototype, 'one', 0);
Controller('tenants/:tenant/users')(Users);
Module({ controllers: [Users] })(Root);

describe('NestJS', () => {
  const makeClient = useClients();
  let seen: Recorded;
  let nest: INestApplication;
  let site: Site;

  beforeEach(async () => {
    seen = makeClient();
    nest = await NestFactory.create(Root, new ExpressAdapter(), {
      logger: false,
      forceCloseConnections: true,
    });
    nest.use(afstatsdExpress({ statsd: seen.statsd }));
    const server = nest.getHttpServer() as Server;
    const listening = once(server, 'listening');
    await nest.listen(0, '127.0.0.1');
    await listening;
    site = new Site(server);
  });

  afterEach(() => nest.close());

  it('requests have the templates of their controllers', async () => {
    await site.fetchAll('/tenants/acme/users/7', '/tenants/beta/users/8');
    expect(await seen.counts()).to.deep.equal({
      'timer http.request get /tenants/:tenant/users/:id 2xx': 2,
    });
  });

  it('exceptions of a handler keep the route, NotFoundException as well', async () => {
    await site.fetchAll('/tenants/acme/users/0', '/tenants/acme/users/1');
    expect(await seen.counts()).to.deep.equal({
      'timer http.request get /tenants/:tenant/users/:id 4xx': 2,
    });
  });

  it('unknown paths are unmatched', async () => {
    await site.fetchAll('/nothing', '/tenants/acme');
    expect(await seen.counts()).to.deep.equal({ 'timer http.request get unmatched 4xx': 2 });
  });
});
