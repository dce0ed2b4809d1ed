import { freePort, need, pythonWith, until } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';

const PYTHON = `
import sys, statsd
client = statsd.StatsClient('127.0.0.1', int(sys.argv[1]), prefix='py')
for i in range(500):
    client.incr('hits')
client.decr('hits', 5)
client.incr('sampled', 10)
client.gauge('level', 5)
client.gauge('level', 3, delta=True)
client.gauge('level', -2, delta=True)
client.gauge('below', -7)
for i in range(1, 101):
    client.timing('wait', i)
for name in ('ann', 'bob', 'ann'):
    client.set('users', name)
with client.pipeline() as pipe:
    for i in range(200):
        pipe.incr('piped')
client.incr('end')
`;
import type { CollectorProgram } from '../support/collector-program.js';
import { useStage } from '../support/stage.js';

const HOT_SHOTS = `
const StatsD = require(process.argv[1]);
const client = new StatsD({ host: '127.0.0.1', port: Number(process.argv[2]), prefix: 'hot.', globalTags: { app: 'x' }, maxBufferSize: 1000, includeDatadogTelemetry: false });
for (let i = 0; i < 500; i++) client.increment('hits');
client.decrement('hits', 5);
client.gauge('level', 5);
client.gauge('level', -2.5);
for (const change of [3, 4, -1, -2]) client.gaugeDelta('open', change);
for (let i = 1; i <= 100; i++) client.timing('wait', i);
client.histogram('sizes', 3);
client.distribution('loads', 4);
client.set('users', 'ann');
client.set('users', 'bob');
client.increment('end');
client.close(() => process.exit());
`;

describe('a client of somebody else', () => {
  const at = useStage();

  async function listening(): Promise<{ port: number; collector: CollectorProgram }> {
    const port = await freePort();
    return { port, collector: await at.collector(['--udp', `127.0.0.1:${port}`]).ready() };
  }

  it('python3-statsd: all that it sends arrives', async function () {
    need(this, 'python-statsd');
    const { port, collector } = await listening();
    const client = at.command(pythonWith('statsd.client.udp')!, ['-c', PYTHON, String(port)]);
    expect(await client.exit(), client.stderr).to.equal(0);
    await until('all has arrived', () => collector.arrived.counters['py.end'] === 1);
    expect(await collector.kill('SIGTERM')).to.equal(0);
    const { counters, gauges, timers } = collector.arrived;
    expect(counters).to.include({ 'py.hits': 495, 'py.sampled': 10, 'py.piped': 200 });
    expect(gauges).to.include({ 'py.level': 6, 'py.below': -7 });
    expect(timers['py.wait']).to.include({ count: 100, min: 1, max: 100 });
    expect(timers['py.wait']!.sum).to.be.closeTo(5050, 1e-6);
    expect(counters['afstatsd.collector.bad_lines{input=udp}']).to.equal(0);
    // Members of one set may have come in different intervals: what was read is what counts here.
    expect(collector.stdout).to.include('"name":"py.users"');
  });

  it('hot-shots: all that it sends arrives, with tags, its negative gauges are absolute, and changes of gauges change', async () => {
    const { port, collector } = await listening();
    const client = at.command(process.execPath, [
      '-e',
      HOT_SHOTS,
      require.resolve('hot-shots'),
      String(port),
    ]);
    expect(await client.exit(), client.stderr).to.equal(0);
    await until('all has arrived', () => collector.arrived.counters['hot.end{app=x}'] === 1);
    expect(await collector.kill('SIGTERM')).to.equal(0);
    const { counters, gauges, timers } = collector.arrived;
    expect(counters).to.include({ 'hot.hits{app=x}': 495 });
    expect(gauges).to.include({ 'hot.level{app=x}': -2.5, 'hot.open{app=x}': 4 });
    expect(timers['hot.wait{app=x}']).to.include({ count: 100, min: 1, max: 100 });
    expect(timers).to.include.keys('hot.sizes{app=x}', 'hot.loads{app=x}');
    expect(counters['afstatsd.collector.bad_lines{input=udp}']).to.equal(0);
  });
});
