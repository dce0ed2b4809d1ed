// The example of runtime metrics, as a process, with a real queue.
import { expect } from 'chai';
import { runExample } from './support/run-example.mjs';

describe('the example of runtime metrics', () => {
  it('notices that the event loop stood still, and sends what it has seen', async () => {
    const { exit, stdout, stderr, arrived } = await runExample('runtime-metrics');
    expect({ exit, stdout, stderr }).to.deep.equal({
      exit: 0,
      stdout: 'the event loop stood still for 200 ms or more\n',
      stderr: '',
    });
    expect(arrived.gauges['nodejs.eventloop.lag.max.seconds#thread:main,process:example']).to.be.above(0);
    expect(arrived.gauges['process.resident.memory.bytes#process:example']).to.be.above(1_000_000);
    expect(Object.keys(arrived.gauges).filter((name) => name.includes('heap.space'))).to.deep.equal([]);
    expect(arrived.counters['process.cpu.seconds#process:example']).to.be.above(0);
  });
});
