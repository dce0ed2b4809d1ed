// A collector, its queue and clients, as the tests of its faults need them.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Program, freePort, until, useCleanup, useQueues } from '@afstatsd/testing';
import { expect } from 'chai';
import { ledgerOf, shown } from './tally.mjs';

const MAIN = join(import.meta.dirname, '../../../packages/collector/dist/src/main.js');
const CLIENT = join(import.meta.dirname, '../programs/client.cjs');
const FLOOD = join(import.meta.dirname, '../programs/flood.cjs');
/** An answer of the collector, however busy it is, and so is the machine. In ms. */
const LONGEST_ANSWER_MS = 10_000;

class Collector extends Program {
  /** Samples of `programs/client.cjs` that its console has shown. */
  get shown() {
    return shown(this.stdout);
  }

  async ready() {
    await this.printed('collector: ready');
    return this;
  }

  /** In bytes. */
  get rss() {
    return (
      1024 * Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${this.child.pid}/status`, 'utf8'))[1])
    );
  }

  /** Has all its threads stand still. */
  async freeze() {
    const tasks = `/proc/${this.child.pid}/task`;
    this.child.kill('SIGSTOP');
    await until('it stands still', () =>
      readdirSync(tasks).every((task) => /\) T /.test(readFileSync(join(tasks, task, 'stat'), 'utf8'))),
    );
  }

  thaw() {
    this.child.kill('SIGCONT');
  }
}

/**
 * To be called in a `describe`.
 *
 * @param {{ longestMs?: number }} [options] - how long programs may run, in ms.
 */
export function useCollectorStage({ longestMs = 120_000 } = {}) {
  const later = useCleanup();
  const queues = useQueues();
  const add = (program) => {
    later(() => program.remove());
    return program;
  };

  return {
    later,

    /** A queue's name, and free ports for everything that a collector listens to. */
    async place() {
      return { queue: queues.newName(), udp: await freePort(), prometheus: await freePort() };
    },

    /**
     * Starts a collector there, which shows every 50 ms what has come in.
     *
     * @param {{ args?: string[], shell?: string }} [options] - `shell`: a script that ends in `exec "$@"`, to start it by.
     */
    collector({ queue, udp, prometheus }, { args = [], shell } = {}) {
      const listens = ['--udp', `127.0.0.1:${udp}`, '--prometheus', `127.0.0.1:${prometheus}`];
      const all = [MAIN, '--queue', queue, ...listens, '--interval', '50ms', '--json', ...args];
      const command = shell === undefined ? [process.execPath] : ['sh', '-c', shell, 'sh', process.execPath];
      return add(new Collector(command[0], [...command.slice(1), ...all], { longestMs }));
    },

    /** Starts a client that sends to the queue, and to nobody while there is none. */
    client({ queue }, rate = 20) {
      const env = { AFSTATSD_URL: `mq://${queue}?fallback=false` };
      return add(new Program(process.execPath, [CLIENT, String(rate)], { env, longestMs }));
    },

    /** Sends hostile input as fast as it can, until it is removed. */
    flood({ queue, udp }, kind) {
      return add(new Program(process.execPath, [FLOOD, kind, String(udp), queue], { longestMs }));
    },
  };
}

/** Has a client end. @returns how many samples it has recorded, all of which it has sent. */
export async function stopped(client) {
  client.child.send('stop');
  expect(await client.exit(), client.stderr).to.equal(0);
  const { calls, stats } = ledgerOf(client.stdout);
  expect(stats).to.include({ recorded: calls, sent: calls, pending: 0, rejected: 0 });
  return calls;
}

/** A page of the collector, and in how many ms it came. Rejects if it takes too long. */
export async function page({ prometheus }, path) {
  const began = performance.now();
  const signal = AbortSignal.timeout(LONGEST_ANSWER_MS);
  const response = await fetch(`http://127.0.0.1:${prometheus}${path}`, {
    signal,
    headers: { connection: 'close' },
  });
  const text = await response.text();
  return { status: response.status, text, ms: performance.now() - began };
}

/** Asserts that it answers both of its pages. */
export async function expectAnswers(place) {
  for (const path of ['/healthz', '/metrics']) {
    const { status, text } = await page(place, path);
    expect(status, `${path}: ${text.slice(0, 200)}`).to.equal(200);
  }
}
