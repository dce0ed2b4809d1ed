import type { Stats } from '@afstatsd/core';
import { type Program, until } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { CollectorProgram } from '../support/collector-program.js';
import { useStage } from '../support/stage.js';

const CLIENTS = 4;
const RESTARTS = 10;

interface Told {
  readonly recorded: { hits: number; waits: number; waited: number; members: number };
  readonly stats: Stats;
}

describe('a collector that is ended and started again, ten times, with four clients at work,', () => {
  const at = useStage();

  async function collectWithRestarts(signal: NodeJS.Signals): Promise<{
    recorded: Told['recorded'];
    arrived: { hits: number; waits: number; waited: number };
  }> {
    const queue = at.queueName();
    const start = (): Promise<CollectorProgram> => at.collector(['--queue', queue]).ready();
    const collectors = [await start()];
    const clients = Array.from({ length: CLIENTS }, (_, id) => at.program('client', [queue, String(id)]));
    for (let i = 0; i < RESTARTS; i++) {
      const collector = collectors.at(-1)!;
      await until('something has arrived', () => (collector.arrived.counters['hits'] ?? 0) > 500);
      const code = await collector.kill(signal);
      expect(code, collector.stderr).to.equal(signal === 'SIGTERM' ? 0 : signal);
      collectors.push(await start());
    }
    const told = await Promise.all(clients.map((client) => stopped(client)));
    expect(await collectors.at(-1)!.kill('SIGTERM')).to.equal(0);

    // Clients have lost nothing: what is missing was taken from the queue.
    for (const { stats } of told) {
      expect(stats).to.include({ pending: 0, rejected: 0, sent: stats.recorded });
    }
    const sum = (key: keyof Told['recorded']): number =>
      told.reduce((sum, { recorded }) => sum + recorded[key], 0);
    const arrived = { hits: 0, waits: 0, waited: 0 };
    for (const { counters, timers } of collectors.map((collector) => collector.arrived)) {
      arrived.hits += counters['hits'] ?? 0;
      arrived.waits += timers['wait']?.count ?? 0;
      arrived.waited += timers['wait']?.sum ?? 0;
    }
    const recorded = {
      hits: sum('hits'),
      waits: sum('waits'),
      waited: sum('waited'),
      members: sum('members'),
    };
    return { recorded, arrived };
  }

  /** What a client has recorded until now, when it has sent all of it. */
  async function stopped(client: Program): Promise<Told> {
    const said = new Promise<Told>((resolve) => {
      client.child.on('message', (message) => {
        if (typeof message === 'object') resolve(message as Told);
      });
    });
    client.child.send('stop');
    const told = await said;
    expect(await client.exit(), client.stderr).to.equal(0);
    return told;
  }

  it('loses nothing when it is ended by SIGTERM', async () => {
    const { recorded, arrived } = await collectWithRestarts('SIGTERM');
    expect(arrived.hits).to.equal(recorded.hits);
    expect(arrived.waits).to.equal(recorded.waits);
    expect(arrived.waited).to.be.closeTo(recorded.waited, 1e-3);
  });

  it('loses what it had taken from the queue, and no more, when it is killed by SIGKILL', async () => {
    const { recorded, arrived } = await collectWithRestarts('SIGKILL');
    const lost = recorded.hits - arrived.hits;
    console.log(`      ${RESTARTS} kills: ${lost} of ${recorded.hits} samples had been taken from the queue`);
    expect(lost).to.be.at.least(0);
    // What the reader had in its hands, and what the outputs had within their interval of 20 ms: a small part of the
    // 0.3 s that a start takes, in which clients keep what they have.
    expect(lost / recorded.hits).to.be.below(0.25);
  });
});
