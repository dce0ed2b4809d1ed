import { useClients } from '@afstatsd/testing';
import { expect } from 'chai';

// The first sample starts a client. When it was recorded where the stack was nearly at its end, the start failed half-way and
// was never tried again: all that came later was lost.
describe('a client whose first sample comes near the end of the stack', () => {
  const makeClient = useClients();

  it('starts with a later one', async () => {
    const { statsd, sent } = makeClient();
    const dive = (): void => {
      try {
        dive();
      } finally {
        statsd.increment('deep');
      }
    };
    expect(dive).to.throw(RangeError);
    statsd.increment('after');
    expect((await sent()).join()).to.include('after:1|c');
  });
});
