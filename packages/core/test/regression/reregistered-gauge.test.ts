import { useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';

/** What was registered while the callbacks were read was read too, and so on without end. */
describe('a gauge callback that ends and registers itself again', () => {
  const makeClient = useClients();
  for (const others of [0, 1]) {
    it(`is read once per flush, beside ${others === 0 ? 'none' : 'another one'} of its name`, async () => {
      const { statsd } = makeClient();
      let reads = 0;
      let end = (): void => {};
      const read = (): number => {
        reads++;
        if (reads < 100) {
          end();
          end = statsd.gauge('level', read);
        }
        return 1;
      };
      for (let i = 0; i < others; i++) statsd.gauge('level', () => 1);
      end = statsd.gauge('level', read);
      await statsd.flush();
      expect(reads).to.equal(1);
      await statsd.flush();
      expect(reads).to.equal(2);
      end();
    });
  }
});
