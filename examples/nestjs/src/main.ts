// PORT=3000 node examples/nestjs/dist/src/main.js: a NestJS application on Express. A module records its requests, decorators
// what its services do.
//
// The metrics go to the collector on this machine (npx @afstatsd/collector), or to where AFSTATSD_URL says.
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';

async function main(): Promise<void> {
  const app = await NestFactory.create(AppModule, { logger: ['warn', 'error'] });
  // On SIGTERM Nest takes no more requests, answers those under way, and has the module flush.
  app.enableShutdownHooks();
  await app.listen(Number(process.env['PORT'] ?? 3000), '127.0.0.1');
  console.log(await app.getUrl());
}

void main();
