import { Counted, Timed } from '@afstatsd/decorators';
import { useRecorded } from '@afstatsd/testing';
import { expect } from 'chai';
import { mode } from '../support/mode.js';

describe(`counters that are known before their first event (${mode} decorators)`, () => {
  const { statsd } = useRecorded();
  const counters = (start: string): string[] => {
    const found: string[] = [];
    for (const { kind, name, tags } of statsd.views())
      if (kind === 'counter' && name.startsWith(start))
        found.push([name, ...tags.map((tag) => tag.join('='))].join(' '));
    return found;
  };

  it('are those of @Counted, and the errors of @Timed', () => {
    class Shop {
      @Counted('known.orders', { statsd, tags: { method: 'card' } }) order(): void {}
      @Timed('known.checkout', { statsd, tags: { region: 'eu' }, sampleRate: 0.5 }) checkout(): void {}
      @Timed('known.search', { statsd, tags: () => ({ page: 1 }) }) search(): void {}
    }
    expect(counters('known')).to.have.members([
      'known.orders method=card',
      'known.checkout.errors region=eu',
    ]);
    new Shop().search();
    expect(counters('known')).to.have.length(2);
  });

  it('have the name of their class, once it is known', () => {
    class KnownLater {
      @Timed({ statsd }) pay(): void {}
    }
    const atDefinition = mode === 'legacy' ? ['KnownLater.pay.errors'] : [];
    expect(counters('KnownLater')).to.deep.equal(atDefinition);
    new KnownLater().pay();
    expect(counters('KnownLater')).to.deep.equal(['KnownLater.pay.errors']);
  });

  it('are none with a client that holds no counters, or that throws when it is asked', () => {
    const { gauge, increment, timing, updateStats } = statsd;
    const records = { gauge, increment, timing, updateStats };
    const throws = {
      ...records,
      get createCounter(): never {
        throw new Error('on purpose');
      },
      warnOnce: () => {},
    };
    for (const client of [records, throws]) {
      class Shop {
        @Counted('unknown', { statsd: client }) order(): string {
          return 'ordered';
        }
      }
      expect(new Shop().order()).to.equal('ordered');
    }
    expect(counters('unknown')).to.deep.equal(['unknown']);
  });
});
