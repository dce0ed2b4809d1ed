import { openQueue } from '@afstatsd/mqueue';
import { until, useCleanup, useQueues, useReceivers } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import {
  AFTransport,
  MemoryTransport,
  type StatsdClient,
  type Transport,
  UDPTransport,
  decode,
  decodeLines,
  probeAnswer,
  teeTransports,
} from '../../src/index.js';
import { FakeTime } from '../support/fake-time.js';
import { useSurroundedClients } from '../support/surrounded-clients.js';

const MINUTE_MS = 60_000;
/** Wall-clock time at the start of each test, in ms. */
const NOON = 1_795_348_800_000;

/** A client whose time passes when it is told, and which has time for a datagram that is on its way. */
function useScene(): (transport: Transport) => {
  time: FakeTime;
  statsd: StatsdClient;
  /** Lets so many ms pass, in steps in which sockets have their turn. */
  pass: (ms: number) => Promise<void>;
} {
  const makeClient = useSurroundedClients();
  return (transport) => {
    const time = new FakeTime();
    const surroundings = { ...time.surroundings, wallClock: (): number => NOON + time.now };
    const { statsd } = makeClient({ transport, interval: 1_000, telemetry: false }, surroundings);
    const pass = async (ms: number): Promise<void> => {
      for (let passed = 0; passed < ms; passed += 500) {
        await time.pass(500);
        await statsd.flush();
      }
    };
    return { time, statsd, pass };
  };
}

describe('gauges in the queue of our collector', () => {
  const scene = useScene();
  const queues = useQueues();
  const later = useCleanup();

  /** A queue with the collector's mark, or without it, and the lines that have come. */
  function collector({ marked = true } = {}): {
    transport: AFTransport;
    lines: () => string[];
    mark: () => void;
  } {
    const queue = queues.make();
    const reader = openQueue(queue.name, { access: 'read' });
    later(() => reader.close());
    const mark = (): void => void reader.setMark(1_000);
    if (marked) mark();
    return {
      transport: new AFTransport({ queue: queue.name, fallback: false }),
      lines: () => queue.readAll().flatMap(({ text }) => text.split(/::|\n/)),
      mark,
    };
  }

  it('are repeated each minute, with the time at which they were set', async () => {
    const { transport, lines } = collector();
    const { time, statsd } = scene(transport);
    statsd.gauge('pool', 10);
    statsd.gauge('load', -0.5, { tags: { host: 'a' } });
    statsd.increment('hits');
    const set = NOON / 1000;
    await time.pass(2_000);
    expect(lines()).to.deep.equal(['hits:1|c', `pool:10|g|${set}`, `load:-0.5|g|T${set}|#host:a`]);
    for (let minute = 0; minute < 3; minute++) {
      await time.pass(MINUTE_MS);
      expect(lines()).to.deep.equal([`pool:10|g|${set}|every:60`, `load:-0.5|g|T${set}|every:60|#host:a`]);
    }
    // A repeat is no sample.
    expect(statsd.stats()).to.include({ recorded: 3, sent: 3, pending: 0 });
  });

  it('carry their new value and time once they are set again', async () => {
    const { transport, lines } = collector();
    const { time, statsd } = scene(transport);
    statsd.gauge('pool', 10);
    await time.pass(2 * MINUTE_MS);
    lines();
    statsd.gauge('pool', 20);
    const set = Math.floor((NOON + time.now) / 1000);
    await time.pass(2_000);
    expect(lines()).to.deep.equal([`pool:20|g|${set}|every:60`]);
    await time.pass(MINUTE_MS);
    expect(lines()).to.deep.equal([`pool:20|g|${set}|every:60`]);
  });

  it('that are set all the time are said to be repeated, too, after a minute', async () => {
    const { transport, lines } = collector();
    const { time, statsd } = scene(transport);
    const marks: boolean[] = [];
    for (let second = 0; second < 70; second++) {
      statsd.gauge('pool', second);
      await time.pass(1_000);
      for (const line of lines()) marks.push(line.includes('every:60'));
    }
    expect([marks[0], marks.at(-1)]).to.deep.equal([false, true]);
  });

  it('go on being repeated though they were idle for long, while there is room for others', async () => {
    const { transport, lines } = collector();
    const { time, statsd } = scene(transport);
    statsd.gauge('pool', 10);
    statsd.increment('hits');
    await time.pass(2_000);
    lines();
    for (let minute = 0; minute < 30; minute++) {
      await time.pass(MINUTE_MS);
      expect(lines()).to.have.lengthOf(1);
    }
    expect(statsd.stats().metrics, 'the counter has gone').to.equal(1);
  });

  it('aren’t repeated into a queue that no collector of ours reads, until one does', async () => {
    const { transport, lines, mark } = collector({ marked: false });
    const { time, statsd } = scene(transport);
    statsd.gauge('pool', 10);
    await time.pass(MINUTE_MS + 2_000);
    expect(lines()).to.deep.equal([`pool:10|g|${NOON / 1000}`]);
    mark();
    await time.pass(MINUTE_MS);
    expect(lines()).to.deep.equal([`pool:10|g|${NOON / 1000}|every:60`]);
  });

  it('wait for room in a full queue, and not for each other', async () => {
    const queue = queues.make({ depth: 1 });
    const reader = openQueue(queue.name, { access: 'read' });
    later(() => reader.close());
    reader.setMark(1_000);
    const { time, statsd } = scene(new AFTransport({ queue: queue.name, fallback: false }));
    statsd.gauge('pool', 10);
    await time.pass(2_000);
    queue.readAll();
    queue.fill();
    await time.pass(3 * MINUTE_MS);
    expect(statsd.stats()).to.include({ pending: 0, recorded: 1 });
    while (queue.read() !== undefined);
    await until('there is room', () => queue.waiting > 0);
    expect(queue.readAll().map(({ text }) => text)).to.deep.equal([`pool:10|g|${NOON / 1000}|every:60`]);
  });

  it('that another client repeats are passed on as repeats, with its time, and not as new values', async () => {
    const { transport, lines } = collector();
    const { time, statsd } = scene(transport);
    const hear = (line: string): void => {
      for (const metric of decode(line).metrics) statsd.ingest(metric);
    };
    hear('other:5|g|1795340000');
    await time.pass(1_500);
    expect(lines()).to.deep.equal(['other:5|g|1795340000']);
    await time.pass(3 * MINUTE_MS);
    expect(lines(), 'it isn’t this client’s to repeat').to.deep.equal([]);
    for (let minute = 0; minute < 2; minute++) {
      hear('other:5|g|1795340000|every:60');
      await time.pass(1_500);
      expect(lines()).to.deep.equal(['other:5|g|1795340000|every:60']);
    }
    expect(statsd.stats().recorded).to.equal(1);
  });
});

describe('gauges over UDP', () => {
  const scene = useScene();
  const receivers = useReceivers();
  const gauges = (messages: readonly string[]): string[] =>
    messages.flatMap((text) => text.split('\n')).filter((line) => line.includes('|g'));

  it('are repeated to our collector, which answers, with the time at which they were set', async () => {
    const udp = await receivers.udp({ answer: probeAnswer(1_000) });
    const { statsd, pass } = scene(new UDPTransport({ port: udp.port }));
    statsd.gauge('load', -7);
    await pass(MINUTE_MS + 2_000);
    const set = NOON / 1000;
    await udp.readAll();
    expect(gauges(udp.messages)).to.deep.equal([`load:-7|g|T${set}`, `load:-7|g|T${set}|every:60`]);
    expect(decodeLines(udp.messages.at(-1)!).metrics).to.deep.equal([
      { type: 'gauge', name: 'load', value: -7, timestamp: set, every: 60 },
    ]);
  });

  for (const [what, options, line] of [
    ['another server', {}, 'load:7|g'],
    ['another server, in a format with tags', { format: 'dogstatsd' }, 'load:7|g'],
  ] as const) {
    it(`aren't repeated to ${what}, and carry no time there`, async () => {
      const udp = await receivers.udp();
      const { statsd, pass } = scene(new UDPTransport({ port: udp.port, ...options }));
      statsd.gauge('load', 7);
      await pass(5 * MINUTE_MS);
      await udp.readAll();
      expect(gauges(udp.messages)).to.deep.equal([line]);
    });
  }

  it("aren't repeated to our collector in a format without times", async () => {
    const udp = await receivers.udp({ answer: probeAnswer(1_000) });
    const { statsd, pass } = scene(new UDPTransport({ port: udp.port, format: 'etsy' }));
    statsd.gauge('load', 7);
    await pass(3 * MINUTE_MS);
    await udp.readAll();
    expect(gauges(udp.messages)).to.deep.equal(['load:7|g']);
  });

  it("aren't repeated where a second receiver hears it that is no collector of ours", async () => {
    const udp = await receivers.udp({ answer: probeAnswer(1_000) });
    const memory = new MemoryTransport();
    const { statsd, pass } = scene(teeTransports(new UDPTransport({ port: udp.port }), memory));
    statsd.gauge('load', 7);
    await pass(3 * MINUTE_MS);
    await udp.readAll();
    expect(gauges(udp.messages)).to.deep.equal(['load:7|g']);
    expect(memory.metrics).to.have.lengthOf(1);
  });
});

describe('the field of a gauge that is repeated', () => {
  const read = (line: string): unknown => decode(line).metrics[0];

  it('is read beside a time, in either form of a message', () => {
    const gauge = { type: 'gauge', name: 'g', value: 1, timestamp: 1_795_340_000, every: 60 };
    expect(read('g:1|g|1795340000|every:60')).to.deep.equal(gauge);
    expect(read('g:1|g|T1795340000|every:60|#a:b')).to.deep.equal({ ...gauge, tags: [['a', 'b']] });
  });

  it('says nothing without a time, or with a number that can’t be meant', () => {
    const gauge = { type: 'gauge', name: 'g', value: 1 };
    expect(read('g:1|g|every:60')).to.deep.equal(gauge);
    for (const every of ['0', '-1', '1.5', '99999', '1e3', '', 'x'])
      expect(read(`g:1|g|1795340000|every:${every}`), every).to.deep.equal({
        ...gauge,
        timestamp: 1_795_340_000,
      });
  });
});
