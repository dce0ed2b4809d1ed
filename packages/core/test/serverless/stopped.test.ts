import { readFileSync } from 'node:fs';
import { type Program, Totals, until, usePrograms, useQueues, useReceivers } from '@afstatsd/testing';
import { expect } from 'chai';
import { programFile } from '../support/program-file.js';

const FORMS = ['promised', 'failing', 'throwing', 'calling', 'streaming'];
const LATE = new Set(['promised', 'calling', 'streaming']);
const CALLS = 50;

/** Whether the kernel has stopped a process: the state in its `stat`, behind its name, is T. */
function isStopped({ child }: Program): boolean {
  return /\) T /.test(readFileSync(`/proc/${child.pid}/stat`, 'latin1'));
}

describe('a process that is stopped by SIGSTOP when an invocation is over', () => {
  const programs = usePrograms();
  const queues = useQueues();
  const receivers = useReceivers();

  before(function () {
    if (process.platform !== 'linux') this.skip();
  });

  async function start(place: string): Promise<Program> {
    const program = programs.node([programFile('serverless'), place]);
    expect(await program.message()).to.equal('ready');
    return program;
  }

  async function invoke(program: Program, form: string): Promise<void> {
    program.child.send(form);
    await until(`the invocation of ${form} is over, and the process stopped`, () => isStopped(program));
    expect(program.stdout.trim().split('\n').at(-1)!.split(' ')[0]).to.equal(form);
  }

  function expectAll(totals: Totals, form: string, invocations: number): void {
    const calls = [...totals.counters].filter(([name]) => name.startsWith(`calls.${form}#`));
    expect(calls.map(([, count]) => count)).to.deep.equal(Array.from({ length: CALLS }, () => invocations));
    expect(totals.timers.get(`took.${form}`)?.count).to.equal(invocations);
    expect(totals.counters.get(`late.${form}`)).to.equal(LATE.has(form) ? invocations : undefined);
  }

  it('has lost nothing over the queue, in each form of a handler, also when it is never continued', async () => {
    const queue = queues.make({ depth: 10 });
    const program = await start(queue.name);
    const totals = new Totals();
    const read = (): void => queue.readAll().forEach(({ text }) => totals.add(text));
    for (const [at, form] of [...FORMS, ...FORMS].entries()) {
      await invoke(program, form);
      read();
      expectAll(totals, form, at < FORMS.length ? 1 : 2);
      program.child.kill('SIGCONT');
    }
    for (const form of FORMS) expectAll(totals, form, 2);
    expect(program.stdout).to.contain('failing on purpose').and.contain('promised well');
    await invoke(program, 'promised');
    await program.kill('SIGKILL');
    read();
    expectAll(totals, 'promised', 3);
  });

  it('has lost nothing over UDP', async () => {
    const receiver = await receivers.udp();
    const program = await start(String(receiver.port));
    for (const form of FORMS) {
      await invoke(program, form);
      await receiver.readAll();
      expectAll(Totals.of(receiver.messages), form, 1);
      program.child.kill('SIGCONT');
    }
    program.child.send('end');
    expect(await program.exit()).to.equal(0);
  });
});
