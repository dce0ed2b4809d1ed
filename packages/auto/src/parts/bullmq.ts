/**
 * Records the jobs that workers of BullMQ 5 and 6 process.
 *
 * @module
 */
import { type BoundTimer, Statsd } from '@afstatsd/core';
import { now } from '@afstatsd/core/instrument';
import { Bounded } from '../bounded.js';
import { onLoaded } from '../loaded-files.js';
import { appLoads } from '../own-middleware.js';
import { Part } from '../part.js';
import { replace } from '../replaced.js';

/** Names of queues and of jobs that are told apart, each. */
const MOST_NAMES = 200;
/** Errors by which a processor puts a job off. */
const POSTPONED = new Set(['DelayedError', 'WaitingError', 'WaitingChildrenError']);
const RATE_LIMITED = 'bullmq:rateLimitExceeded';

interface Job {
  readonly name: unknown;
  readonly queueName: unknown;
}

/** Awaits it only to know when it ends: the worker calls this method itself, and awaits what it returns. */
type CallProcessJob = (this: unknown, job: Job, ...more: unknown[]) => unknown;

const part = new Part('bullmq');
const queues = new Bounded(MOST_NAMES);
const jobs = new Bounded(MOST_NAMES);
const timers = new Map<string, BoundTimer>();

const record = part.guarded((job: Job, outcome: string, ms: number) => {
  const tags = { queue: queues.of(String(job.queueName)), job: jobs.of(String(job.name)), outcome };
  const key = JSON.stringify(tags);
  let timer = timers.get(key);
  if (timer === undefined) timers.set(key, (timer = Statsd.createTimer('queue.job', { tags })));
  timer.record(ms);
});

function outcomeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'failure';
  return POSTPONED.has(error.name) || error.message === RATE_LIMITED ? 'cancelled' : 'failure';
}

onLoaded(part, {
  library: 'bullmq',
  file: 'dist/cjs/classes/worker.js',
  majors: [5, 6],
  change(exported) {
    const { prototype } = (exported as { readonly Worker: { readonly prototype: unknown } }).Worker;
    let isNests: boolean | undefined;
    replace<CallProcessJob>(
      prototype,
      'callProcessJob',
      (callProcessJob) =>
        async function (job, ...more) {
          const start = now();
          // The module for NestJS times jobs itself.
          isNests ??= appLoads('nestjs');
          try {
            const result = await callProcessJob.call(this, job, ...more);
            if (!isNests) record(job, 'success', now() - start);
            return result;
          } catch (error) {
            if (!isNests) record(job, outcomeOf(error), now() - start);
            throw error;
          }
        },
    );
  },
});

/** Records nothing more of BullMQ. */
export const stopBullmq: () => void = part.stop;
