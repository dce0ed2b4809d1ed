// The example of a program that used the original afstatsd client, as a process, with a real queue.
import { expect } from 'chai';
import { runExample } from './support/run-example.mjs';

describe('the example of a program that used the original afstatsd', () => {
  let run;
  before(async () => (run = await runExample('from-afstatsd')));

  it('does its work', () => {
    const { exit, stdout, stderr } = run;
    expect({ exit, stdout, stderr }).to.deep.equal({
      exit: 0,
      stdout: 'hello anna\nfound shoes\n',
      stderr: '',
    });
  });

  it('puts all that it aggregated in one message, in the format of the original', () => {
    expect(run.messages[0].split('::').map(withoutWhatVaries)).to.deep.equal([
      'af.example.counter:18|c',
      'website.pageviews:1|c',
      'website.pageviews.cart:1|c',
      'website.logins:1|c',
      'af.example.gauge:50|g|TIME',
      'ecommerce.checkout:237,12|ms',
      'website.search:MS|ms',
    ]);
  });

  it('sends each call by itself once aggregation is off', () => {
    expect(run.messages.slice(1)).to.deep.equal(['website.logouts:1|c', 'website.logouts:1|c']);
  });
});

/** A gauge's time, in Unix seconds, and how long the search took. */
function withoutWhatVaries(metric) {
  return metric.replace(/(?<=\|g\|)\d{10}$/, 'TIME').replace(/(?<=^website\.search:)\d+(\.\d{1,3})?/, 'MS');
}
