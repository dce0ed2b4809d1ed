import { freePort, need, pythonWith, until } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';

const PROGRAM = `
import asyncio, sys, aiodogstatsd

async def main():
    async with aiodogstatsd.Client(host='127.0.0.1', port=int(sys.argv[1]), namespace='aio', constant_tags={'app': 'x'}) as client:
        for i in range(500):
            client.increment('hits')
            client.increment('requests', tags={'status': 200 + i % 3})
            if i % 50 == 0:
                await asyncio.sleep(0.01)
        client.increment('bytes', value=123456)
        client.decrement('hits', value=5)
        client.gauge('level', value=5)
        client.gauge('level', value=-2.5)
        for i in range(1, 101):
            client.timing('wait', value=i)
        client.histogram('sizes', value=3)
        client.distribution('loads', value=4)
        client.increment('end')

asyncio.run(main())
`;
import { useStage } from '../support/stage.js';

describe('python3-aiodogstatsd into the UDP port', () => {
  const at = useStage();

  it('all that it sends arrives, with tags, and its negative gauges are absolute', async function () {
    need(this, 'aiodogstatsd');
    const port = await freePort();
    const collector = await at.collector(['--udp', `127.0.0.1:${port}`]).ready();
    const client = at.command(pythonWith('aiodogstatsd')!, ['-c', PROGRAM, String(port)]);
    expect(await client.exit(), client.stderr).to.equal(0);
    await until('all has arrived', () => collector.arrived.counters['aio.end{app=x}'] === 1);
    expect(await collector.kill('SIGTERM')).to.equal(0);
    const { counters, gauges, timers } = collector.arrived;
    expect(counters).to.include({
      'aio.hits{app=x}': 495,
      'aio.bytes{app=x}': 123_456,
      'aio.requests{app=x,status=200}': 167,
      'aio.requests{app=x,status=201}': 167,
      'aio.requests{app=x,status=202}': 166,
      'afstatsd.collector.bad_lines{input=udp}': 0,
    });
    expect(gauges).to.include({ 'aio.level{app=x}': -2.5 });
    expect(timers['aio.wait{app=x}']).to.deep.include({ count: 100, min: 1, max: 100 });
    expect(timers['aio.wait{app=x}']!.sum).to.be.closeTo(5050, 1e-6);
    expect(timers['aio.sizes{app=x}']).to.deep.include({ count: 1, min: 3, max: 3 });
    expect(timers['aio.loads{app=x}']).to.deep.include({ count: 1, min: 4, max: 4 });
  });
});
