import { NullTransport, StatsdClient, type StatsdOptions, teeTransports } from '../../src/index.js';
import { type SentExemplar, readClientReport, readExemplars } from '../../src/instrument.js';
import { until, useQueues } from '@afstatsd/testing';
import { expect } from 'chai';
import { useSpans } from '../support/spans.js';

describe('exemplars on their way', () => {
  const queues = useQueues();
  const spans = useSpans();
  const clients: StatsdClient[] = [];
  afterEach(() => Promise.all(clients.splice(0).map((client) => client.shutdown())));

  const client = (queue: string, options: StatsdOptions = {}): StatsdClient => {
    const made = new StatsdClient({
      transport: `mq://${queue}?fallback=false`,
      interval: Infinity,
      exemplars: true,
      service: 'shop',
      handleSignals: false,
      logger: { warn() {} },
      ...options,
    });
    clients.push(made);
    return made;
  };
  /** A queue that looks like our collector's. */
  const marked = (): ReturnType<typeof queues.make> => {
    const queue = queues.make();
    expect(queues.open(queue.name, { access: 'read' }).setMark(1_000)).to.equal('set');
    return queue;
  };
  const exemplarsOf = (texts: readonly string[]): readonly SentExemplar[] => texts.flatMap(readExemplars);

  /** All that a client sends, in as many flushes as the queue's ten places need. */
  const sentBy = async (
    shop: StatsdClient,
    queue: ReturnType<typeof queues.make>,
    count: number,
  ): Promise<readonly SentExemplar[]> => {
    const all: SentExemplar[] = [];
    await until('all have come', async () => {
      shop.increment('hits');
      await shop.flush();
      all.push(...exemplarsOf(queue.readAll().map(({ text }) => text)));
      return all.length >= count;
    });
    return all;
  };

  it('go to our collector after a flush, under the names and tags of their metrics', async () => {
    const queue = marked();
    const shop = client(queue.name, { prefix: 'eu', tags: { zone: 'b' } });
    const traceId = spans.during(() => shop.timing('load', 30, { tags: { route: '/a' } }));
    spans.during(() => shop.timing('load', 10, { tags: { route: '/a' } }));
    spans.during(() => shop.histogram('size', 7));
    await shop.flush();
    const texts = queue.readAll().map(({ text }) => text);
    const [load, size, ...more] = exemplarsOf(texts);
    expect(more).to.deep.equal([]);
    expect(load).to.deep.include({
      name: 'eu.load',
      tags: [
        ['route', '/a'],
        ['zone', 'b'],
        ['service', 'shop'],
      ],
    });
    expect(load!.exemplar).to.include({ value: 30, traceId });
    expect(size).to.deep.include({ name: 'eu.size', as: 'histogram' });

    // To a collector that knows no exemplars it is a report, and nothing else.
    const [report] = texts.filter((text) => text.startsWith('_sc|')).map(readClientReport);
    expect(report).to.include({ service: 'shop', recorded: 3, pid: process.pid });
    expect(Object.keys(report!)).to.not.include('exemplars');

    await shop.flush();
    expect(queue.readAll(), 'nothing new').to.deep.equal([]);
  });

  it('go to nobody else', async () => {
    const queue = queues.make();
    const shop = client(queue.name);
    spans.during(() => shop.timing('load', 30));
    await shop.flush();
    expect(queue.readAll().map(({ text }) => text)).to.deep.equal(['load:30|ms|#service:shop']);
  });

  it('are those of the slowest hundred', async () => {
    const queue = marked();
    const shop = client(queue.name);
    for (let at = 0; at < 150; at++) spans.during(() => shop.timing('load', at, { tags: { at } }));
    const sent = await sentBy(shop, queue, 100);
    expect(sent.map(({ exemplar }) => exemplar.value)).to.deep.equal(
      Array.from({ length: 100 }, (_, at) => 149 - at),
    );
  });

  it('go in lines that fit', async () => {
    const queue = marked();
    const shop = client(queue.name);
    for (let at = 0; at < 30; at++) {
      spans.during(() => shop.timing('load', at, { tags: { at, padding: 'x'.repeat(300) } }));
    }
    expect(await sentBy(shop, queue, 30)).to.have.length(30);
  });

  it('wait for the next flush where there is no room', async () => {
    const queue = marked();
    const shop = client(queue.name);
    const filler = queues.open(queue.name, { access: 'write' });
    shop.increment('hits');
    const traceId = spans.during(() => shop.timing('load', 30));
    // One place is left, which the metrics take.
    const places = queues.open(queue.name, { access: 'read' }).attributes().depth - 1;
    for (let at = 0; at < places; at++) expect(filler.send(Buffer.from('filler:1|c'), 3)).to.equal(true);
    await shop.flush();
    expect(exemplarsOf(queue.readAll().map(({ text }) => text))).to.deep.equal([]);
    const [sent] = await sentBy(shop, queue, 1);
    expect(sent!.exemplar).to.include({ value: 30, traceId });
  });

  it('leave warnings to a report of telemetry that comes with them', async () => {
    const queue = marked();
    const shop = client(queue.name, { telemetry: true });
    shop.increment('');
    spans.during(() => shop.timing('load', 30));
    await shop.flush();
    const reports = queue.readAll().flatMap(({ text }) => readClientReport(text) ?? []);
    expect(reports.at(-1)!.warnings.join()).to.contain('a name is empty');
  });

  it('are forgotten where a part of them finds no room', async () => {
    const queue = marked();
    const shop = client(queue.name, { transport: teeTransports(new NullTransport(), new NullTransport()) });
    spans.during(() => shop.timing('load', 30));
    expect(await shop.flush()).to.include({ pending: 0 });
  });
});

describe('readExemplars', () => {
  const right = ['timer', 'load', [['a', 'b']], 3.5, 'a'.repeat(32), 'b'.repeat(16), 1_700_000_000_000];
  const line = (exemplars: unknown): string =>
    `_sc|afstatsd.client|0|m:${JSON.stringify({ id: 'x', exemplars })}`;
  const changed = (at: number, value: unknown): unknown[] => right.map((one, i) => (i === at ? value : one));

  it('reads what is right', () => {
    expect(readExemplars(line([right]))).to.deep.equal([
      {
        name: 'load',
        tags: [['a', 'b']],
        exemplar: { value: 3.5, traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), time: 1_700_000_000_000 },
      },
    ]);
    expect(readExemplars(line([changed(0, 'distribution')]))[0]!.as).to.equal('distribution');
  });

  it('leaves out what is not', () => {
    const wrong = [
      changed(0, 'counter'),
      changed(1, ''),
      changed(1, 'x'.repeat(2_000)),
      changed(2, 'a:b'),
      changed(2, [['a']]),
      changed(2, [['', 'b']]),
      changed(2, [['a', 1]]),
      changed(3, '3'),
      changed(3, null),
      changed(4, 'A'.repeat(32)),
      changed(4, `${'a'.repeat(31)}"`),
      changed(5, 'b'),
      changed(6, -1),
      changed(6, 1.5),
      changed(6, 'now'),
      [],
      null,
      3,
      'text',
      {},
    ];
    for (const one of wrong) expect(readExemplars(line([one])), JSON.stringify(one)).to.deep.equal([]);
    expect(readExemplars(line([...wrong, right]))).to.have.length(1);
    for (const text of ['', '_sc|x|0', line({}), line(3), `${line([right])}}`, '"exemplars":['])
      expect(readExemplars(text), text).to.deep.equal([]);
    expect(readExemplars(line(Array.from({ length: 90 }, () => right)))).to.deep.equal([]); // too long
  });
});
