import { clientReportLine } from '@afstatsd/core/instrument';
import { expect } from 'chai';
import { Clients } from '../src/clients.js';
import { Receiver } from '../src/receiver.js';

const report = (id: string, recorded = 10, dropped = 0): string =>
  clientReportLine({
    id,
    service: 'shop',
    instance: '',
    host: 'web1',
    pid: 17,
    thread: 0,
    recorded,
    sent: recorded - dropped,
    pending: 0,
    dropped,
    rejected: 0,
    warnings: [],
    findings: [],
  });

describe('the clients that report themselves', () => {
  it('are known by their latest report, the one that was heard of last first', () => {
    let now = 1_000;
    const clients = new Clients(() => now);
    expect(clients.note(report('a'))).to.equal(true);
    expect(clients.note(report('b'))).to.equal(true);
    now = 2_000;
    expect(clients.note(report('a', 30, 3))).to.equal(true);
    expect(clients.note('_sc|other|0')).to.equal(false);
    expect(clients.all().map(({ id, first, last, recorded }) => [id, first, last, recorded])).to.deep.equal([
      ['a', 1_000, 2_000, 30],
      ['b', 1_000, 1_000, 10],
    ]);
    expect(clients.completeness).to.deep.equal({ percent: 92.5, clients: 2 });
    // One that has ended has its say for ten minutes, unless nobody else has any.
    now += 600_001;
    expect(clients.completeness).to.deep.equal({ percent: 92.5, clients: 0 });
    clients.note(report('c'));
    expect(clients.completeness).to.deep.equal({ percent: 100, clients: 1 });
  });

  it('are a thousand at most', () => {
    const clients = new Clients();
    for (let at = 0; at < 1_100; at++) clients.note(report(`client-${at}`));
    const all = clients.all();
    expect([all.length, all[0]!.id, all.at(-1)!.id]).to.deep.equal([1_000, 'client-1099', 'client-100']);
  });

  it('say nothing of completeness before one has recorded something', () => {
    expect(new Clients().completeness).to.deep.equal({ percent: undefined, clients: 0 });
  });

  it('aren’t counted as messages or service checks, nor passed on', () => {
    const receiver = new Receiver(10, () => {});
    const events: string[] = [];
    receiver.outputs = [{ ingest: () => {}, ingestEvent: (line: string) => events.push(line) } as never];
    receiver.receiveFromQueue(Buffer.from(report('a')), 3);
    receiver.receiveFromUDP(Buffer.from(`${report('b')}\norders:1|c\n_sc|disk|0`));
    expect(receiver.queue).to.include({ messages: 0, serviceChecks: 0 });
    expect(receiver.udp).to.include({ messages: 1, samples: 1, serviceChecks: 1 });
    expect(events).to.deep.equal(['_sc|disk|0']);
    expect(receiver.clients.all()).to.have.length(2);
  });
});
