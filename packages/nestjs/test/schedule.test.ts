import 'reflect-metadata';
import { type Recorded, until, useClients } from '@afstatsd/testing';
import { Timed } from '@afstatsd/decorators';
import { Injectable, Module, type Type } from '@nestjs/common';
import { Cron, CronExpression, Interval, ScheduleModule, SchedulerRegistry, Timeout } from '@nestjs/schedule';
import { expect } from 'chai';
import { AfstatsdModule, type AfstatsdModuleOptions } from '../src/index.js';
import { useApps } from './support/apps.js';

@Injectable()
class Jobs {
  static runs = 0;
  static failures = 0;

  @Cron(CronExpression.EVERY_YEAR, { name: 'invoices' })
  async invoices(): Promise<void> {
    await new Promise((resolve) => void setImmediate(resolve));
    Jobs.runs++;
  }

  @Cron(CronExpression.EVERY_YEAR)
  fails(): void {
    Jobs.failures++;
    throw new Error('out of paper');
  }

  @Timeout(1)
  once(): void {}

  @Interval('beat', 100_000_000)
  @Timed('beats')
  beat(): void {}

  notScheduled(): void {}
}

/** The jobs that have no name are under one that Nest makes up. */
function fireAll(registry: SchedulerRegistry): Promise<unknown> {
  return Promise.all([...registry.getCronJobs().values()].map((job) => job.fireOnTick()));
}

describe('Scheduled methods', () => {
  const makeClient = useClients();
  const start = useApps();
  let seen: Recorded;

  beforeEach(() => {
    seen = makeClient();
    Jobs.runs = 0;
    Jobs.failures = 0;
  });

  const rootOf = (options: AfstatsdModuleOptions = {}, isLast = true): Type => {
    const schedule = ScheduleModule.forRoot();
    const ours = AfstatsdModule.forRoot({ client: seen.statsd, http: false, ...options });
    @Module({ imports: isLast ? [schedule, ours] : [ours, schedule], providers: [Jobs] })
    class AppModule {}
    return AppModule;
  };

  for (const isLast of [true, false]) {
    it(`are timed by job, the module imported ${isLast ? 'after' : 'before'} theirs`, async () => {
      const { app } = await start(rootOf({}, isLast));
      await fireAll(app.get(SchedulerRegistry));
      await seen.becomes({
        'timer schedule.run invoices cron success': 1,
        'timer schedule.run Jobs.fails cron failure': 1,
        'timer schedule.run Jobs.once timeout success': 1,
      });
      expect([Jobs.runs, Jobs.failures]).to.deep.equal([1, 1]);
    });
  }

  it('are timed once with the module imported twice', async () => {
    const again = AfstatsdModule.forRootAsync({ useFactory: () => ({ client: seen.statsd, http: false }) });
    @Module({ imports: [rootOf(), again] })
    class TwiceModule {}
    const { app } = await start(TwiceModule);
    await fireAll(app.get(SchedulerRegistry));
    await seen.becomes({
      'timer schedule.run invoices cron success': 1,
      'timer schedule.run Jobs.fails cron failure': 1,
      'timer schedule.run Jobs.once timeout success': 1,
    });
    expect(Object.keys(Object.getOwnPropertyDescriptors(app.get(Jobs)))).to.deep.equal([]);
  });

  it('are as they were once the application runs, and what calls them by itself is not timed', async () => {
    const { app } = await start(rootOf());
    await seen.becomes({ 'timer schedule.run Jobs.once timeout success': 1 });
    const jobs = app.get(Jobs);
    expect(Object.keys(Object.getOwnPropertyDescriptors(jobs))).to.deep.equal([]);
    await jobs.invoices();
    expect(Jobs.runs).to.equal(1);
    expect(await seen.counts()).to.deep.equal({});
  });

  it('are not timed with schedule: false', async () => {
    const { app } = await start(rootOf({ handlers: { schedule: false } }));
    await fireAll(app.get(SchedulerRegistry));
    await until('the job has run', () => Jobs.runs === 1);
    expect(await seen.counts()).to.deep.equal({});
  });

  it('have their intervals, too', async () => {
    @Injectable()
    class Ticker {
      static ticks = 0;
      @Interval('tick', 1)
      tick(): void {
        Ticker.ticks++;
      }
    }
    @Module({
      imports: [ScheduleModule.forRoot(), AfstatsdModule.forRoot({ client: seen.statsd })],
      providers: [Ticker],
    })
    class AppModule {}
    const { app } = await start(AppModule);
    await until('it has ticked', () => Ticker.ticks >= 3);
    app.get(SchedulerRegistry).deleteInterval('tick');
    const counts = await seen.counts();
    expect(counts).to.deep.equal({ 'timer schedule.run tick interval success': Ticker.ticks });
  });
});
