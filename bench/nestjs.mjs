// What the interceptor of NestJS' module adds to a handler of a microservice, in µs of CPU: beside none, and beside one by hand with a
// histogram of prom-client. Messages come from a transport within the process, so nothing but Nest and the interceptor is measured. Each
// case is a process of its own, and they take turns.
import 'reflect-metadata';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MessagePattern, Server } from '@nestjs/microservices';
import { NullTransport, StatsdClient } from '@afstatsd/core';
import { AfstatsdModule } from '@afstatsd/nestjs';
import { Histogram } from 'prom-client';
import { lastValueFrom, tap } from 'rxjs';
import { compared, report } from './support/report.mjs';
import { median } from './support/statistics.mjs';

const PROCESSES = 7;
const WINDOWS = 40;
const CALLS = 2000;

/** A transport whose messages are calls. */
class InProcess extends Server {
  listen(done) {
    done();
  }
  close() {}
  /** As Nest's own transports do it. */
  async call(pattern, data) {
    return lastValueFrom(
      this.transformToObservable(await this.messageHandlers.get(pattern)(data, undefined)),
    );
  }
}

/** The interceptor that an app writes with prom-client. */
function byHand() {
  const histogram = new Histogram({ name: 'rpc_seconds', help: 'rpc', labelNames: ['handler', 'outcome'] });
  return {
    intercept(context, next) {
      const end = histogram.startTimer({ handler: context.getHandler().name });
      return next
        .handle()
        .pipe(tap({ error: () => end({ outcome: 'failure' }), complete: () => end({ outcome: 'success' }) }));
    },
  };
}

/** A class as compilers make it of `@Controller() class { @MessagePattern('sum') async sum(numbers) { … } }`. */
function controller() {
  class SumsController {
    async sum() {
      return 3;
    }
  }
  MessagePattern('sum')(
    SumsController.prototype,
    'sum',
    Object.getOwnPropertyDescriptor(SumsController.prototype, 'sum'),
  );
  Controller()(SumsController);
  return SumsController;
}

async function measure(which) {
  const statsd = new StatsdClient({ transport: new NullTransport() });
  const options = { client: statsd, http: false };
  const CASES = {
    none: [],
    ours: [AfstatsdModule.forRoot(options)],
    tags: [AfstatsdModule.forRoot({ ...options, requestTags: () => ({ tenant: 'acme' }) })],
    byHand: [],
  };
  const AppModule = function AppModule() {};
  Module({ imports: CASES[which], controllers: [controller()] })(AppModule);
  const strategy = new InProcess();
  const app = await NestFactory.createMicroservice(AppModule, { strategy, logger: false });
  if (which === 'byHand') app.useGlobalInterceptors(byHand());
  await app.listen();
  const times = [];
  for (let at = 0; at < WINDOWS; at++) {
    const began = process.cpuUsage();
    for (let call = 0; call < CALLS; call++) await strategy.call('sum', 1);
    const { user, system } = process.cpuUsage(began);
    times.push((user + system) / CALLS);
  }
  await app.close();
  // A low quantile, because other programs only ever make a window longer.
  return times.sort((a, b) => a - b)[Math.floor(WINDOWS / 10)];
}

function compare() {
  const LABELS = {
    none: 'a handler without an interceptor',
    ours: "with AfstatsdModule's",
    tags: "with AfstatsdModule's, and requestTags",
    byHand: "with one by hand, prom-client's histogram",
  };
  const all = Object.fromEntries(Object.keys(LABELS).map((one) => [one, []]));
  for (let at = 0; at < PROCESSES; at++) {
    for (const [one, list] of Object.entries(all)) {
      const { stdout, stderr, status } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), one], {
        encoding: 'utf8',
      });
      if (status !== 0) throw new Error(stderr);
      list.push(Number(stdout));
    }
  }
  const us = Object.fromEntries(Object.entries(all).map(([one, list]) => [one, median(list)]));
  report({
    title: `µs of CPU a message, median of ${PROCESSES} processes; how much that is over none`,
    cases: Object.entries(LABELS).map(([id, label]) => ({ id, label })),
    ns: us,
    beside: (id) => (id === 'none' ? undefined : us[id] - us.none),
    expectations: [
      compared('ours / no interceptor', us.ours / us.none),
      compared('by hand / no interceptor', us.byHand / us.none),
      compared('what ours adds / by hand', (us.ours - us.none) / (us.byHand - us.none)),
    ],
  });
}

const [, , asked] = process.argv;
if (asked === undefined) compare();
else console.log(await measure(asked));
