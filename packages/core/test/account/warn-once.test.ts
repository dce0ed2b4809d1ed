import { useClients } from '@afstatsd/testing';
import { expect } from 'chai';

describe('warnOnce', () => {
  const makeClient = useClients();

  it('says a line once for each kind, to the logger and onError', () => {
    const errors: string[] = [];
    const { statsd, log } = makeClient({ onError: ({ message }) => void errors.push(message) });
    for (let i = 0; i < 3; i++) statsd.warnOnce('callback', () => `a callback threw ${i}`);
    statsd.child({ prefix: 'shop' }).warnOnce('other', () => 'something else');
    expect(log.warnings).to.deep.equal([
      'afstatsd: a callback threw 0 (said once)',
      'afstatsd: something else (said once)',
    ]);
    expect(errors).to.deep.equal(log.warnings);
  });

  it('never throws, whatever the text does, and keeps a limited number of kinds', () => {
    const { statsd, log } = makeClient();
    statsd.warnOnce('hostile', () => {
      throw new Error('on purpose');
    });
    expect(log.warnings).to.deep.equal(['afstatsd: instrumentation: hostile (said once)']);
    for (let i = 0; i < 2000; i++) statsd.warnOnce(`kind ${i}`, () => `kind ${i}`);
    expect(log.warnings).to.have.length(1000);
  });
});
