import 'reflect-metadata';
import { OTHER } from '@afstatsd/core/instrument';
import { Inject, Injectable } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { Recording } from './recording.js';
import type { HandlerTimers, HandlerTiming } from './timers.js';

type AnyFunction = (...args: never) => unknown;
type Instance = Record<string, unknown>;
/** What a processor of BullMQ gets. */
interface Job {
  readonly name?: unknown;
  readonly queueName?: unknown;
}

/** The metadata keys under which `@nestjs/schedule` keeps the type of a scheduled method, and its name. */
const METADATA = { type: 'SCHEDULER_TYPE', name: 'SCHEDULER_NAME' } as const;
/** The meanings of the numbers in `SCHEDULER_TYPE`: 1 is a cron job, 2 a timeout, 3 an interval. */
const SCHEDULED = [undefined, 'cron', 'timeout', 'interval'] as const;
/** Errors by which a processor of BullMQ says that the job goes on later. */
const POSTPONED = new Set(['DelayedError', 'RateLimitError', 'WaitingChildrenError', 'WaitingError']);
/** The most names of jobs with a tag value of their own, because whoever adds a job chooses its name. Further names are `other`. */
const MAX_JOB_NAMES = 200;

/** Timed already: the module may be imported twice, and an instance be provided under several tokens. */
const timed = new WeakSet();

/**
 * Times what has no interceptors: scheduled methods, and processors of queues. Before `@nestjs/schedule`
 * and `@nestjs/bullmq` look for the functions to run, it replaces these functions by timed ones.
 */
@Injectable()
export class BackgroundTiming {
  readonly #recording: Recording;
  readonly #discovery: DiscoveryService;
  readonly #scanner: MetadataScanner;
  readonly #queues = new Map<string, Map<string, HandlerTimers>>();
  #jobNames = 0;
  #undo: (() => void)[] = [];

  constructor(
    @Inject(Recording) recording: Recording,
    @Inject(DiscoveryService) discovery: DiscoveryService,
    @Inject(MetadataScanner) scanner: MetadataScanner,
  ) {
    this.#recording = recording;
    this.#discovery = discovery;
    this.#scanner = scanner;
  }

  /** Called by the module, before any other module is initialised. */
  begin(): void {
    const { timing, settings } = this.#recording;
    if (timing === undefined) return;
    const { schedule, queue } = settings.handlers;
    if (schedule) timing.guard(() => this.#timeScheduled(timing));
    if (queue) timing.guard(() => this.#timeQueues(timing));
  }

  /** Called when all modules are initialised. Methods are put back, because the scheduler has its timed functions by then. */
  end(): void {
    for (const undo of this.#undo.splice(0)) this.#recording.timing?.guard(undo);
  }

  #timeScheduled(timing: HandlerTiming): void {
    if (this.#providers('ScheduleExplorer').length === 0) return;
    for (const wrapper of [...this.#discovery.getControllers(), ...this.#discovery.getProviders()]) {
      const instance = wrapper.instance as Instance | undefined;
      if (typeof instance !== 'object' || instance === null || !wrapper.isDependencyTreeStatic()) continue;
      const prototype = Object.getPrototypeOf(instance) as object | null;
      if (prototype === null) continue;
      for (const name of this.#scanner.getAllMethodNames(prototype)) {
        timing.guard(() => this.#timeMethod(timing, instance, name));
      }
    }
  }

  #timeMethod(timing: HandlerTiming, instance: Instance, method: string): void {
    const fn = instance[method];
    if (typeof fn !== 'function' || timed.has(fn)) return;
    const kind = SCHEDULED[Reflect.getMetadata(METADATA.type, fn) as number];
    if (kind === undefined) return;
    const name = Reflect.getMetadata(METADATA.name, fn) as unknown;
    const job = typeof name === 'string' && name !== '' ? name : `${instance.constructor.name}.${method}`;
    const timers = timing.timers('schedule.run', { job, kind });
    const wrapper = timing.around(fn as AnyFunction, () => timers);
    for (const key of Reflect.getMetadataKeys(fn) as unknown[]) {
      Reflect.defineMetadata(key, Reflect.getMetadata(key, fn), wrapper);
    }
    timed.add(wrapper);
    const own = Object.getOwnPropertyDescriptor(instance, method);
    Object.defineProperty(instance, method, { value: wrapper, configurable: true, writable: true });
    this.#undo.push(() => {
      if (instance[method] !== wrapper) return;
      if (own === undefined) delete instance[method];
      else Object.defineProperty(instance, method, own);
    });
  }

  #timeQueues(timing: HandlerTiming): void {
    for (const { instance } of this.#providers('ProcessorDecoratorService')) {
      const service = instance as { decorate?: (processor: AnyFunction) => AnyFunction };
      const { decorate } = service;
      if (typeof decorate !== 'function' || timed.has(service)) continue;
      timed.add(service);
      service.decorate = (processor) =>
        timing.around(
          decorate.call(service, processor),
          (job: Job) => this.#queueTimers(timing, job),
          (error) => (isPostponed(error) ? 'cancelled' : 'failure'),
        );
    }
  }

  #queueTimers(timing: HandlerTiming, { queueName, name }: Job): HandlerTimers {
    const queue = String(queueName);
    const job = String(name);
    let jobs = this.#queues.get(queue);
    if (jobs === undefined) this.#queues.set(queue, (jobs = new Map<string, HandlerTimers>()));
    const known = jobs.get(job) ?? (this.#jobNames >= MAX_JOB_NAMES ? jobs.get(OTHER) : undefined);
    if (known !== undefined) return known;
    const isOther = ++this.#jobNames > MAX_JOB_NAMES;
    const timers = timing.timers('queue.job', { job: isOther ? OTHER : job, queue });
    jobs.set(isOther ? OTHER : job, timers);
    return timers;
  }

  /** Finds the providers whose class has this name. The class can't be imported, because its package may not be installed. */
  #providers(name: string): { readonly instance: unknown }[] {
    return this.#discovery.getProviders().filter((wrapper) => wrapper.name === name && wrapper.instance);
  }
}

function isPostponed(error: unknown): boolean {
  return error instanceof Error && POSTPONED.has(error.name);
}
