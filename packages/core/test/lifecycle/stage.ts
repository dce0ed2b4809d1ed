import { expect } from 'chai';
import { afterEach, beforeEach } from 'mocha';
import { Program, type ProgramOptions } from '../support/program.js';
import { TestQueue, Totals } from '../support/test-queue.js';
import { until } from '../support/until.js';

/** Each test's queue, and the programs that send to it. Nothing of either is left after the test. */
export interface Stage {
  readonly queue: TestQueue;
  /** Starts one of `test/programs` with the queue's name and what it is told. */
  readonly start: (script: string, said?: object, options?: ProgramOptions) => Program;
  /** Starts a script with the queue's name and other arguments. */
  readonly run: (script: string, args: readonly string[], options?: ProgramOptions) => Program;
  /** What has arrived in the queue by now. */
  readonly arrived: () => Totals;
}

export function stage(): Stage {
  const programs: Program[] = [];
  let queue: TestQueue;
  beforeEach(() => {
    queue = new TestQueue();
  });
  afterEach(() => {
    for (const { child } of programs.splice(0)) child.kill('SIGKILL');
    queue.remove();
  });
  const run: Stage['run'] = (script, args, options) => {
    const program = new Program(script, [queue.name, ...args], options);
    programs.push(program);
    return program;
  };
  return {
    get queue() {
      return queue;
    },
    run,
    start: (script, said = {}, options = {}) => run(script, [JSON.stringify(said)], options),
    arrived() {
      const totals = new Totals();
      for (const { text } of queue.readAll()) totals.add(text);
      return totals;
    },
  };
}

/** Waits until a program has printed a line so many times. */
export async function printed(program: Program, line: string, times = 1): Promise<void> {
  const count = (): number => program.stdout.split('\n').filter((printed) => printed === line).length;
  const ended = (): boolean => program.child.exitCode !== null || program.child.signalCode !== null;
  await until(`"${line}" was printed`, () => count() >= times || ended(), 30_000);
  expect(count(), `"${line}"; stderr: ${program.stderr}`).to.be.at.least(times);
}

/** Asserts that what `recordAll` records has arrived, `times` times over. */
export function expectAll({ counters, gauges, timers, sets }: Totals, times = 1): void {
  expect(counters.get('hits')).to.equal(3 * times);
  expect(gauges.get('level')).to.equal(7);
  expect(gauges.get('read')).to.equal(9);
  expect(timers.get('wait')?.count).to.equal(2 * times);
  expect(timers.get('wait')?.values.slice(0, 2)).to.deep.equal([12, 30]);
  expect(sets.get('users')).to.deep.equal(new Set(['ann', 'bob']));
}
