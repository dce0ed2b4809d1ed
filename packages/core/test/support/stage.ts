import path from 'node:path';
import { type Program, type TestQueue, Totals, usePrograms, useQueues } from '@afstatsd/testing';
import { beforeEach } from 'mocha';
import { programFile } from './program-file.js';

/** Each test's queue, and the programs that send to it. Nothing of either is left after the test. */
export interface Stage {
  readonly queue: TestQueue;
  /** Starts one of `test/programs` with the queue's name and what it is told. */
  readonly start: (script: string, said?: object, env?: NodeJS.ProcessEnv) => Program;
  /** Starts a script with the queue's name and other arguments. @param script - of `test/programs`, or any file's path. */
  readonly run: (script: string, args: readonly string[], env?: NodeJS.ProcessEnv) => Program;
  /** What has arrived in the queue by now. */
  readonly arrived: () => Totals;
}

/** To be called in a `describe`. */
export function useStage(): Stage {
  const programs = usePrograms();
  const queues = useQueues();
  let queue: TestQueue;
  beforeEach(() => {
    queue = queues.make();
  });
  const run: Stage['run'] = (script, args, env = {}) => {
    const file = path.isAbsolute(script) ? script : programFile(script);
    return programs.node([file, queue.name, ...args], { env });
  };
  return {
    get queue() {
      return queue;
    },
    run,
    start: (script, said = {}, env = {}) => run(script, [JSON.stringify(said)], env),
    arrived: () => Totals.of(queue.readAll().map(({ text }) => text)),
  };
}
