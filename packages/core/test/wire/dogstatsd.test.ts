import { useClients } from '@afstatsd/testing';
import { expect } from 'chai';
import { type DogstatsdOptions, UDPTransport, decodeLines } from '../../src/index.js';
import { dogstatsdFormat } from '../../src/wire/dogstatsd.js';
import { FormatTransport } from '../support/format-transport.js';
import { parseDogstatsd } from '../support/strict-parsers.js';

describe('the dogstatsd options', () => {
  const makeClient = useClients();

  async function timings(options: DogstatsdOptions, number: number): Promise<string[]> {
    const transport = new FormatTransport(dogstatsdFormat(options));
    const { statsd } = makeClient({ transport, maxSamples: 4 });
    for (let ms = 1; ms <= number; ms++) statsd.timing('t', ms, { tags: { a: 'b' } });
    statsd.increment('c');
    await statsd.flush();
    return transport.messages.flatMap((message) => message.split('\n'));
  }

  for (const [timer, type] of [
    ['timer', 'ms'],
    ['histogram', 'h'],
    ['distribution', 'd'],
  ] as const) {
    it(`timer: '${timer}' sends timers as |${type}, and nothing else`, async () => {
      expect(await timings({ timer }, 3)).to.deep.equal(['c:1|c', `t:1:2:3|${type}|#a:b`]);
    });

    it(`timer: '${timer}' is read back by decode as what it was`, async () => {
      const [line = ''] = (await timings({ timer }, 3)).slice(1);
      const as = timer === 'timer' ? {} : { as: timer };
      expect(decodeLines(line).metrics).to.deep.equal([
        { type: 'timer', ...as, name: 't', tags: [['a', 'b']], values: [1, 2, 3], rate: 1 },
      ]);
    });
  }

  it('timerRate: a timer of more values than it keeps says what they stand for; with false it does not', async () => {
    const [, extremes, rest = ''] = await timings({}, 40);
    expect(extremes).to.equal('t:1:40|ms|#a:b');
    const [line] = parseDogstatsd(rest);
    expect(line!.values.length / line!.rate).to.be.closeTo(38, 1e-9);
    const without = (await timings({ timerRate: false }, 40)).slice(1);
    expect(without.join('\n')).to.not.contain('@');
    expect(without.flatMap(parseDogstatsd).flatMap(({ values }) => values)).to.have.length(4);
  });

  it('timerRate: false leaves the rates of counters alone', () => {
    const transport = new FormatTransport(dogstatsdFormat({ timerRate: false }));
    const { statsd } = makeClient({ transport, interval: 0 });
    for (let i = 0; i < 200; i++) {
      statsd.increment('c', 0.5);
      statsd.timing('t', 1, 0.5);
    }
    expect(new Set(transport.messages)).to.deep.equal(new Set(['c:1|c|@0.5', 't:1|ms']));
  });

  it('that can not be used throw a TypeError which names them', () => {
    const bad: [object, RegExp][] = [
      [{ format: 'dogstatsd', timer: 'ms' }, /timer must be .*"ms"/],
      [{ format: 'etsy', timer: 'histogram' }, /dogstatsd format only.*"etsy"/],
      [{ format: 'dogstatsd', timerRate: 'no' }, /timerRate.*"no"/],
      [{ format: 'datadog' }, /format.*"datadog"/],
      [{ colour: 'blue' }, /colour/],
    ];
    for (const [options, message] of bad)
      expect(() => new UDPTransport(options)).to.throw(TypeError, message);
  });
});
