import { type Socket, createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import path from 'node:path';
import { until } from '@afstatsd/testing';
import { expect } from 'chai';
import { type StatsdClient, UDPTransport } from '../../src/index.js';
import { type Line, parseDogstatsd } from '../support/strict-parsers.js';
import { useSurroundedClients } from '../support/surrounded-clients.js';

type Options = Record<string, unknown>;

/** What of hot-shots is used here. */
interface HotShots {
  increment(name: string, value: number, rate: number, tags: Options): void;
  increment(name: string, value: number, tags: Options): void;
  decrement(name: string, value: number, tags: Options): void;
  gauge(name: string, value: number, tags: Options): void;
  timing(name: string, value: number, tags: Options): void;
  histogram(name: string, value: number, tags: Options): void;
  distribution(name: string, value: number, tags: Options): void;
  set(name: string, value: string | number, tags: Options): void;
  close(callback: () => void): void;
}

// The benchmarks compare with it, too; it is installed for them.
const fromBench = createRequire(path.join(__dirname, '../../../../../bench/package.json'));

/** Leaves out the 0 that our format sets before a negative gauge, for servers that take its sign for a change. */
function withoutZeros(lines: Line[]): Line[] {
  const isNegative = (line: Line | undefined): boolean =>
    line?.type === 'g' && line.values[0]!.startsWith('-');
  return lines.filter(
    (line, at) => !(line.type === 'g' && line.values[0] === '0' && isNegative(lines[at + 1])),
  );
}

describe('the dogstatsd format and hot-shots 17, for the same calls', () => {
  const makeClient = useSurroundedClients();
  let server: Socket;
  let port: number;
  let lines: Line[];

  beforeEach(async () => {
    lines = [];
    server = createSocket('udp4');
    server.on('message', (message) => {
      // An empty datagram is our probe; hot-shots ends every line.
      if (message.length > 0)
        lines.push(...withoutZeros(parseDogstatsd(message.toString().replace(/\n$/, ''))));
    });
    server.bind(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address());
  });
  afterEach(() => new Promise<void>((resolve) => void server.close(() => resolve())));

  async function captured(number: number): Promise<string[]> {
    await until(`${number} lines have arrived`, () => lines.length >= number);
    return lines
      .splice(0)
      .map(({ tags, ...line }) => JSON.stringify({ ...line, tags: tags.map((tag) => tag.join(':')).sort() }))
      .sort();
  }

  const TAGS: Options[] = [
    { a: 'b' },
    { method: 'GET', status: 200, cached: true },
    { url: 'http://x:80/a?b=c', ip: '::1' },
    { 'a:b': 'c', 'd|e': 'f|g', h: 'i,j', 'k,l': 'm' },
    { unicode: 'größe', emoji: '🛒', blank: 'a b' },
    {},
  ];
  // Only `@` is left out: in names, hot-shots lets it pass.
  const NAMES = ['web.hits', 'a:b', 'größe', 'a b', 'x|y', 'd#e'];

  async function bothSend(
    theirs: (client: HotShots) => void,
    timer: 'timer' | 'histogram' | 'distribution',
    record: (statsd: StatsdClient) => unknown,
    number: number,
  ): Promise<[string[], string[]]> {
    const StatsD = fromBench('hot-shots') as new (options: Options) => HotShots;
    const client = new StatsD({ host: '127.0.0.1', port, includeDatadogTags: false, maxBufferSize: 0 });
    theirs(client);
    const expected = await captured(number);
    await new Promise<void>((resolve) => client.close(resolve));
    const transport = new UDPTransport({ port, format: 'dogstatsd', timer });
    const { statsd } = makeClient({ transport }, { random: () => 0 });
    await record(statsd);
    await statsd.flush();
    return [expected, await captured(number)];
  }

  it('say the same: names, values, types and tags', async () => {
    const cases = NAMES.flatMap((name, n) => TAGS.map((tags, t) => ({ name, tags, value: n * 10 + t + 1 })));
    const [theirs, ours] = await bothSend(
      (client) => {
        for (const { name, tags, value } of cases) {
          client.increment(`${name}.c`, value, tags);
          client.decrement(`${name}.d`, value, tags);
          client.gauge(`${name}.g`, value - 7.5, tags);
          client.timing(`${name}.t`, value / 4, tags);
          client.set(`${name}.s`, `user-${value}`, tags);
        }
      },
      'timer',
      (statsd) => {
        for (const { name, tags, value } of cases) {
          const options = { tags: tags as Record<string, string> };
          statsd.updateStats(`${name}.c`, value, options);
          statsd.updateStats(`${name}.d`, -value, options);
          statsd.gauge(`${name}.g`, value - 7.5, options);
          statsd.timing(`${name}.t`, value / 4, options);
          statsd.set(`${name}.s`, `user-${value}`, options);
        }
      },
      cases.length * 5,
    );
    expect(ours).to.deep.equal(theirs);
  });

  for (const [timer, method] of [
    ['histogram', 'histogram'],
    ['distribution', 'distribution'],
  ] as const) {
    it(`say the same with timer: '${timer}'`, async () => {
      const [theirs, ours] = await bothSend(
        (client) => TAGS.forEach((tags, at) => client[method](`t${at}`, at + 0.5, tags)),
        timer,
        (statsd) =>
          TAGS.forEach((tags, at) =>
            statsd.timing(`t${at}`, at + 0.5, { tags: tags as Record<string, string> }),
          ),
        TAGS.length,
      );
      expect(ours).to.deep.equal(theirs);
    });
  }

  it('say the same of a sampled call that is sent by itself', async () => {
    const [theirs, ours] = await bothSend(
      (client) => {
        // There is no other way to hand chance to hot-shots.
        const { random } = Math;
        Math.random = () => 0;
        client.increment('c', 1, 0.25, { a: 'b' });
        Math.random = random;
      },
      'timer',
      async (statsd) => {
        statsd.increment('first');
        await statsd.flush();
        await captured(1);
        statsd.setAggregation(false);
        statsd.increment('c', { sampleRate: 0.25, tags: { a: 'b' } });
      },
      1,
    );
    expect(theirs.join()).to.contain('"rate":0.25');
    expect(ours).to.deep.equal(theirs);
  });
});
