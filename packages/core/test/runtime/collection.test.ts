import { once } from 'node:events';
import { Server } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { setImmediate as turn } from 'node:timers/promises';
import { runInNewContext } from 'node:vm';
import { type Recorded, until, useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Decoded, RuntimeOptions, StatsdOptions } from '../../src/index.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const GROUPS: Readonly<Record<string, RegExp>> = {
  eventLoop: /^nodejs\.eventloop\./,
  gc: /^nodejs\.gc\./,
  memory: /^(nodejs\.(heap\.size|external|array)|process\.(resident|virtual|heap))\./,
  heapSpaces: /^nodejs\.heap\.space\./,
  cpu: /^process\.cpu\./,
  resources: /^nodejs\.active_/,
  descriptors: /^process\.(open|max)\.fds/,
  info: /^(nodejs\.version|process\.(start|uptime))\./,
};

describe('runtime metrics', () => {
  const makeClient = useClients();

  function start(options?: RuntimeOptions, client?: StatsdOptions): Recorded & { end: () => void } {
    const recorded = makeClient(client);
    const end = recorded.statsd.collectRuntimeMetrics(options);
    return Object.assign(recorded, { end });
  }

  /** What was recorded, after a garbage collection and a few turns of the event loop. */
  async function collected(recorded: Recorded): Promise<Decoded[]> {
    const all: Decoded[] = [];
    collectGarbage();
    await until('each group was recorded', async () => {
      all.push(...(await recorded.metrics()));
      await turn();
      const names = new Set(all.map(({ name }) => name));
      return names.has('nodejs.gc.duration') && names.has('nodejs.eventloop.lag.p99.seconds');
    });
    return all;
  }

  const namesOf = (metrics: readonly Decoded[]): string[] => [...new Set(metrics.map(({ name }) => name))];
  const valueOf = (metrics: readonly Decoded[], name: string): number => {
    const found = [...metrics].reverse().find((metric) => metric.name === name);
    return found !== undefined && 'value' in found ? found.value : Number.NaN;
  };

  it('are in range', async () => {
    const metrics = await collected(start());
    const value = (name: string): number => valueOf(metrics, name);
    for (const group of Object.values(GROUPS))
      expect(namesOf(metrics).filter((name) => group.test(name))).to.not.be.empty;
    expect(
      namesOf(metrics).filter((name) => !Object.values(GROUPS).some((group) => group.test(name))),
    ).to.deep.equal([]);
    expect(value('nodejs.eventloop.utilization')).to.be.within(0, 1);
    expect(value('nodejs.eventloop.lag.p50.seconds')).to.be.within(0.001, 10);
    expect(value('nodejs.eventloop.lag.max.seconds')).to.be.at.least(
      value('nodejs.eventloop.lag.p99.seconds') * 0.99,
    );
    expect(value('process.resident.memory.bytes')).to.be.above(value('nodejs.heap.size.used.bytes') / 2);
    expect(value('process.uptime.seconds')).to.be.closeTo(process.uptime(), 5);
    expect(value('process.start.time.seconds')).to.be.closeTo(Date.now() / 1000 - process.uptime(), 5);
    const gc = metrics.find(({ name }) => name === 'nodejs.gc.duration')!;
    expect(gc).to.deep.include({ type: 'timer' });
    expect(Object.fromEntries(gc.tags!)).to.have.keys('kind', 'thread');
  });

  it('count CPU time in full, though the format of the queue has no fractions without tags', async () => {
    const before = process.cpuUsage();
    const recorded = start(undefined, { tags: { region: 'eu' } });
    const began = process.cpuUsage();
    while (process.cpuUsage(began).user < 30_000);
    const metrics = await recorded.metrics();
    const { user, system } = process.cpuUsage(before);
    const counted = valueOf(metrics, 'process.cpu.seconds');
    expect(counted).to.be.above(0.01);
    expect(counted).to.be.at.most((user + system) / 1e6);
    const sum = valueOf(metrics, 'process.cpu.user.seconds') + valueOf(metrics, 'process.cpu.system.seconds');
    expect(counted).to.be.closeTo(sum, 1e-9);
  });

  for (const group of Object.keys(GROUPS)) {
    it(`without ${group} have all but these`, async () => {
      const recorded = start({ [group]: false });
      await recorded.metrics();
      collectGarbage();
      for (let turns = 0; turns < 5; turns++) await turn();
      const names = namesOf(await recorded.metrics());
      expect(names.filter((name) => GROUPS[group]!.test(name))).to.deep.equal([]);
      expect(names).to.not.be.empty;
    });
  }

  it('have a tag of the process on gauges only, unless it is a name of the app', async () => {
    const tagsOf = (metrics: readonly Decoded[], name: string): object =>
      Object.fromEntries(metrics.find((metric) => metric.name === name)?.tags ?? []);
    const byDefault = await start().metrics();
    expect(tagsOf(byDefault, 'process.cpu.seconds')).to.deep.equal({});
    expect(tagsOf(byDefault, 'process.cpu.utilization'))
      .to.have.property('process')
      .that.matches(new RegExp(`-${process.pid}$`));
    const named = await start({ process: 'web-1' }).metrics();
    expect(tagsOf(named, 'process.cpu.seconds')).to.deep.equal({ process: 'web-1' });
    expect(tagsOf(named, 'nodejs.heap.size.used.bytes')).to.deep.equal({ process: 'web-1', thread: 'main' });
    const unnamed = await start({ process: false }).metrics();
    expect(tagsOf(unnamed, 'process.cpu.utilization')).to.deep.equal({});
  });

  it('have the prefix and the tags of a child', async () => {
    const recorded = makeClient();
    recorded.statsd.child({ prefix: 'shop', tags: { zone: 'b' } }).collectRuntimeMetrics({ process: false });
    const uptime = (await recorded.metrics()).find(({ name }) => name === 'shop.process.uptime.seconds');
    expect(uptime?.tags).to.deep.equal([['zone', 'b']]);
  });

  it('end with what ends them, and begin with a later call', async () => {
    const recorded = start();
    recorded.end();
    recorded.end();
    await recorded.metrics();
    collectGarbage();
    await turn();
    expect(await recorded.metrics()).to.deep.equal([]);
    recorded.statsd.collectRuntimeMetrics({ process: 'a' });
    recorded.end(); // of an earlier call, so it ends nothing
    expect(await recorded.metrics()).to.not.be.empty;
  });

  it('of a later call take the place of those before', async () => {
    const recorded = start({ process: 'a' });
    await recorded.metrics();
    recorded.statsd.collectRuntimeMetrics({ process: 'b' });
    await recorded.metrics();
    const processes = (await recorded.metrics()).flatMap(({ tags = [] }) =>
      tags.filter(([key]) => key === 'process'),
    );
    expect(new Set(processes.map(([, value]) => value))).to.deep.equal(new Set(['b']));
  });

  it('stop with the client, and come back with it', async () => {
    const recorded = start();
    const { statsd, log, memory } = recorded;
    await statsd.shutdown();
    memory.clear();
    collectGarbage();
    for (let turns = 0; turns < 5; turns++) await turn();
    await statsd.flush();
    expect(memory.messages).to.deep.equal([]);
    expect(statsd.stats().rejected).to.equal(0);
    expect(log.warnings).to.deep.equal([]);
    statsd.configure({});
    expect(namesOf(await recorded.metrics())).to.include('nodejs.heap.size.used.bytes');
  });

  it('are those that configure asks for, until it asks for none', async () => {
    const recorded = makeClient({ runtimeMetrics: true });
    expect(await recorded.metrics()).to.deep.equal([]); // begins with the first sample
    recorded.statsd.increment('hits');
    expect(namesOf(await recorded.metrics())).to.include.members(['hits', 'nodejs.heap.size.used.bytes']);
    recorded.statsd.configure({ runtimeMetrics: false });
    await recorded.metrics();
    expect(await recorded.metrics()).to.deep.equal([]);
  });

  it('are not collected by a client that is disabled', async () => {
    const recorded = start(undefined, { enabled: false });
    expect(await recorded.metrics()).to.deep.equal([]);
    recorded.statsd.configure({ enabled: true });
    expect(await recorded.metrics()).to.not.be.empty;
  });

  it('have a type 0 of which there is nothing any more', async () => {
    const recorded = start();
    const servers = async (): Promise<number | undefined> => {
      const isServers = ({ name, tags = [] }: Decoded): boolean =>
        name === 'nodejs.active_handles' && tags.some(([, value]) => value === 'TestedServer');
      const gauge = (await recorded.metrics()).find(isServers);
      return gauge?.type === 'gauge' ? gauge.value : undefined;
    };
    class TestedServer extends Server {}
    expect(await servers()).to.equal(undefined);
    const server = new TestedServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    expect(await servers()).to.equal(1);
    server.close();
    await once(server, 'close');
    await until('there is none', async () => (await servers()) === 0);
  });

  it('need no global that an app may have replaced since', async () => {
    const replaced = ['performance', 'setImmediate', 'setTimeout', 'clearTimeout', 'Date'] as const;
    const globals = globalThis as unknown as Record<string, unknown>;
    const originals = replaced.map((name) => globals[name]);
    const recorded = makeClient();
    const names: string[] = [];
    for (const name of replaced) {
      globals[name] = () => {
        names.push(name);
        throw new Error(`${name} is not there`);
      };
    }
    try {
      recorded.statsd.collectRuntimeMetrics();
      void recorded.statsd.flush();
    } finally {
      replaced.forEach((name, i) => (globals[name] = originals[i]));
    }
    expect(names).to.deep.equal([]);
    expect(namesOf(recorded.memory.metrics)).to.include.members([
      'nodejs.eventloop.utilization',
      'process.uptime.seconds',
    ]);
  });

  it('refuse options that they can not use', () => {
    const { statsd } = makeClient();
    expect(() => statsd.collectRuntimeMetrics({ eventLoopResolution: 0 })).to.throw(
      TypeError,
      'collectRuntimeMetrics: option eventLoopResolution must be an integer from 1 to 1,000; it is 0',
    );
    expect(() => statsd.collectRuntimeMetrics({ process: '' })).to.throw(
      TypeError,
      'option process must be a string',
    );
    expect(() => statsd.collectRuntimeMetrics({ loop: true } as RuntimeOptions)).to.throw(
      TypeError,
      'unknown option "loop"',
    );
  });
});
