// The example of worker threads, as a process, with a real queue.
import { expect } from 'chai';
import { runExample } from './support/run-example.mjs';

describe('the example of worker threads', () => {
  let run;
  before(async () => (run = await runExample('worker-threads')));

  it('counts the primes', () => {
    const { exit, stdout, stderr } = run;
    expect({ exit, stdout, stderr }).to.deep.equal({
      exit: 0,
      stdout: '78498 primes below 1000000\n',
      stderr: '',
    });
  });

  it('loses nothing of what the threads recorded: it adds up to what they answered', () => {
    expect(run.arrived.counters).to.deep.equal({ 'primes.found': 78_498 });
    expect(run.arrived.timers).to.deep.equal({ 'primes.range': 40 });
  });

  it('has a metric of the main thread, too', () => {
    expect(run.arrived.gauges).to.deep.equal({ 'primes.threads': 2 });
  });
});
