import { LogLines, useQueues, useReceivers } from '@afstatsd/testing';
import { expect } from 'chai';
import { AFTransport, StatsdClient, type StatsdOptions, UDPTransport, probeAnswer } from '../../src/index.js';
import { readClientReport } from '../../src/instrument.js';

describe('what a client reports of itself', () => {
  const queues = useQueues();
  const receivers = useReceivers();
  const clients: StatsdClient[] = [];
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.shutdown({ timeout: 0 })));
  });

  const client = (queue: string, options: StatsdOptions = {}): StatsdClient => {
    const made = new StatsdClient({
      transport: options.transport ?? new AFTransport({ queue, fallback: false }),
      interval: Infinity,
      service: 'shop',
      logger: new LogLines(),
      ...options,
    });
    clients.push(made);
    return made;
  };
  /** Makes a queue look like our collector's. */
  const mark = (name: string): void => {
    expect(queues.open(name, { access: 'read' }).setMark(1_000)).to.equal('set');
  };
  const reports = (lines: readonly string[]): ReturnType<typeof readClientReport>[] =>
    lines.filter((line) => line.startsWith('_sc|')).map(readClientReport);

  it('goes to our collector after a flush, with its ledger and its warnings', async () => {
    const queue = queues.make();
    mark(queue.name);
    const shop = client(queue.name, { maxMetrics: 6 });
    shop.increment('orders');
    shop.increment('');
    for (let at = 0; at < 10; at++) shop.increment(`name-${at}`);
    await shop.flush();
    const texts = queue.readAll().map(({ text }) => text);
    const [report, ...more] = reports(texts);
    const { recorded, sent, rejected, dropped } = shop.stats();
    expect(more).to.deep.equal([]);
    expect(report).to.include({ service: 'shop', instance: '', pid: process.pid, pending: 0 });
    expect(report).to.include({ recorded, sent, rejected, dropped: dropped.cardinality });
    expect(report!.rejected).to.equal(1);
    expect(report!.warnings.join('\n')).to.include('a name is empty').and.include('(maxMetrics)');
    // It is no sample and no message, so that both can be compared with what came in.
    expect(shop.stats().transport.messages).to.equal(texts.length - 1);
  });

  it('goes by default, and adds no metric', async () => {
    const queue = queues.make();
    mark(queue.name);
    const shop = client(queue.name);
    shop.increment('orders');
    await shop.flush();
    const texts = queue.readAll().map(({ text }) => text);
    expect(texts[0]).to.equal('orders:1|c|#service:shop');
    expect(texts).to.have.length(2);
    expect(reports(texts)).to.have.length(1);
    expect(shop.stats()).to.include({ recorded: 1, sent: 1, metrics: 1 });
  });

  it('goes over UDP to a receiver that has answered as our collector does, and that gets tags', async () => {
    const collector = await receivers.udp({ answer: probeAnswer(1_000) });
    const { port } = collector;
    const shops = [
      client('', { transport: new UDPTransport({ port, format: 'etsy' }) }),
      client('', { transport: new UDPTransport({ port }) }),
    ];
    for (const shop of shops) {
      shop.increment('orders');
      await shop.flush();
    }
    await collector.readAll();
    expect(reports(collector.lines).map((report) => report?.recorded)).to.deep.equal([1]);
  });

  it('has what was found in the code of the app, with its lines', async () => {
    const queue = queues.make();
    mark(queue.name);
    const shop = client(queue.name, { maxMetrics: 400 });
    shop.time('report', async () => {}, { blocking: true });
    for (let at = 0; at < 101; at++) shop.increment('orders', { tags: { cart: `cart-${at}` } });
    await shop.flush();
    const report = reports(queue.readAll().map(({ text }) => text)).find((one) => one !== undefined);
    expect(report!.findings.map(({ kind, metric }) => [kind, metric])).to.deep.equal([
      ['growth', 'orders'],
      ['blocking', 'report'],
    ]);
    for (const { place } of report!.findings) expect(place).to.match(/client-reports\.test\.js:\d+:\d+$/);
    expect(report!.findings[0]!.text).to.match(/^metric "orders" has 101 combinations .*"cart-100"$/);
  });

  it('goes to nobody else, and not without telemetry', async () => {
    const [strange, ours] = [queues.make(), queues.make()];
    mark(ours.name);
    const [one, other] = [client(strange.name), client(ours.name, { telemetry: false })];
    for (const shop of [one, other]) {
      shop.increment('orders');
      await shop.flush();
    }
    expect(reports(strange.readAll().map(({ text }) => text))).to.deep.equal([]);
    expect(reports(ours.readAll().map(({ text }) => text))).to.deep.equal([]);
  });
});
