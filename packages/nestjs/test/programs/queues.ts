import 'reflect-metadata';
import { type Recorded, until, useClients, useRedis } from '@afstatsd/testing';
import { BullModule, Processor, WorkerHost, getQueueToken } from '@nestjs/bullmq';
import { Module, Scope } from '@nestjs/common';
import { DelayedError, type Job, type Queue } from 'bullmq';
import { expect } from 'chai';
import { AfstatsdModule, type AfstatsdModuleOptions } from '../../src/index.js';
import { type Listening, useApps } from '../support/apps.js';

@Processor('mails')
class Mailer extends WorkerHost {
  async process(job: Job<{ to: string }>, token?: string): Promise<string> {
    await new Promise((resolve) => void setImmediate(resolve));
    if (job.data.to === '') throw new Error('nobody to write to');
    if (job.data.to === 'later' && job.attemptsStarted === 1) {
      await job.moveToDelayed(Date.now() + 1, token);
      throw new DelayedError();
    }
    return `sent to ${job.data.to}`;
  }
}

/** A processor of its own for each job. */
@Processor({ name: 'reports', scope: Scope.REQUEST })
class Reporter extends WorkerHost {
  async process(): Promise<number> {
    return 7;
  }
}

// In a process of its own, which queue.test.ts starts: after BullMQ has run, modules that are loaded keep the paths of their links,
// so that further test files of the process would get copies of the packages.
describe('Processors of queues', () => {
  const makeClient = useClients();
  const start = useApps();
  const startRedis = useRedis();
  let seen: Recorded;

  const serve = async (options: AfstatsdModuleOptions = {}): Promise<Listening> => {
    seen = makeClient();
    const socket = await startRedis();
    @Module({
      imports: [
        BullModule.forRoot({ connection: { path: socket } }),
        BullModule.registerQueue({ name: 'mails' }, { name: 'reports' }),
        AfstatsdModule.forRoot({ client: seen.statsd, ...options }),
        // Imported twice, it times a job once.
        AfstatsdModule.forRootAsync({ useFactory: () => ({ client: seen.statsd, ...options }) }),
      ],
      providers: [Mailer, Reporter],
    })
    class AppModule {}
    return start(AppModule);
  };
  const finished = async (queue: Queue, states: { completed?: number; failed?: number }): Promise<void> => {
    await until('the jobs are done', async () => {
      const counts = await queue.getJobCounts('completed', 'failed');
      return counts['completed'] === (states.completed ?? 0) && counts['failed'] === (states.failed ?? 0);
    });
  };

  it('are timed by queue and job, and their results and errors are the same', async () => {
    const { app } = await serve();
    const queue = app.get<Queue>(getQueueToken('mails'));
    const good = await queue.add('welcome', { to: 'ann' });
    const bad = await queue.add('welcome', { to: '' });
    await finished(queue, { completed: 1, failed: 1 });
    const kept = await Promise.all([queue.getJob(good.id!), queue.getJob(bad.id!)]);
    expect(kept[0]!.returnvalue).to.equal('sent to ann');
    expect(kept[1]!.failedReason).to.equal('nobody to write to');
    await seen.becomes({
      'timer queue.job welcome success mails': 1,
      'timer queue.job welcome failure mails': 1,
    });
  });

  it('that are made for each job are timed', async () => {
    const { app } = await serve();
    const queue = app.get<Queue>(getQueueToken('reports'));
    const job = await queue.add('daily', {});
    await finished(queue, { completed: 1 });
    expect((await queue.getJob(job.id!))!.returnvalue).to.equal(7);
    await seen.becomes({ 'timer queue.job daily success reports': 1 });
  });

  it('that put a job off have not failed', async () => {
    const { app } = await serve();
    const queue = app.get<Queue>(getQueueToken('mails'));
    await queue.add('welcome', { to: 'later' });
    await finished(queue, { completed: 1 });
    await seen.becomes({
      'timer queue.job welcome cancelled mails': 1,
      'timer queue.job welcome success mails': 1,
    });
  });

  it('tell 200 names of jobs apart', async () => {
    const { app } = await serve();
    const queue = app.get<Queue>(getQueueToken('reports'));
    await queue.addBulk(Array.from({ length: 203 }, (_, at) => ({ name: `report-${at}`, data: {} })));
    await finished(queue, { completed: 203 });
    const counts = await seen.counts();
    expect(Object.keys(counts)).to.have.length(201);
    expect(counts['timer queue.job other success reports']).to.equal(3);
  });

  it('are not timed with queue: false', async () => {
    const { app } = await serve({ handlers: { queue: false } });
    const queue = app.get<Queue>(getQueueToken('mails'));
    await queue.add('welcome', { to: 'ann' });
    await finished(queue, { completed: 1 });
    expect(await seen.counts()).to.deep.equal({});
  });
});
