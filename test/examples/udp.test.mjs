// The example of UDP, as a process, with a real socket in the place of each server.
import { freePort, useReceivers } from '@afstatsd/testing';
import { expect } from 'chai';
import { runExample } from './support/run-example.mjs';

const LINES = {
  dogstatsd: [
    'shop.orders:2|c|#method:card,region:eu',
    'shop.revenue_cents:4999|c|#region:eu',
    'shop.balance:0|g|#region:eu',
    'shop.balance:-5|g|#region:eu',
    'shop.checkout:87.2:12|ms|#method:card,region:eu',
    'shop.customers:anna|s|#region:eu',
  ],
  influx: [
    'shop.orders,method=card,region=eu:2|c',
    'shop.revenue_cents,region=eu:4999|c',
    'shop.balance,region=eu:0|g',
    'shop.balance,region=eu:-5|g',
    'shop.checkout,method=card,region=eu:87.2|ms',
    'shop.checkout,method=card,region=eu:12|ms',
    'shop.customers,region=eu:anna|s',
  ],
  etsy: [
    'shop.orders.card.eu:2|c',
    'shop.revenue_cents.eu:4999|c',
    'shop.balance.eu:0|g',
    'shop.balance.eu:-5|g',
    'shop.checkout.card.eu:87.2|ms',
    'shop.checkout.card.eu:12|ms',
    'shop.customers.eu:anna|s',
  ],
  graphite: [
    'shop.orders;method=card;region=eu:2|c',
    'shop.revenue_cents;region=eu:4999|c',
    'shop.balance;region=eu:0|g',
    'shop.balance;region=eu:-5|g',
    'shop.checkout;method=card;region=eu:87.2|ms',
    'shop.checkout;method=card;region=eu:12|ms',
    'shop.customers;region=eu:anna|s',
  ],
};

describe('the example of UDP', () => {
  const receivers = useReceivers();
  let receiver;
  beforeEach(async () => (receiver = await receivers.udp()));

  const send = (...args) => runExample('udp', { args, url: 'null:' });

  for (const [format, lines] of Object.entries(LINES)) {
    it(`sends ${format}`, async () => {
      const server = `127.0.0.1:${receiver.port}`;
      const { exit, stdout, stderr } = await send(format, server);
      expect({ exit, stdout, stderr }).to.deep.equal({
        exit: 0,
        stdout: `${format} to ${server}: 7 samples sent, 0 not\n`,
        stderr: '',
      });
      await receiver.readAll();
      expect(receiver.lines).to.deep.equal(lines);
    });
  }

  it('says so when nobody listens', async () => {
    const server = `127.0.0.1:${await freePort()}`;
    const { exit, stdout, stderr } = await send('etsy', server);
    expect(exit).to.equal(0);
    expect(stdout).to.equal(`etsy to ${server}: 0 samples sent, 7 not\n`);
    expect(stderr).to.include('nobody listens there (ECONNREFUSED)');
  });

  it('refuses a format that does not exist, and names those that do', async () => {
    const { exit, stderr } = await send('statsd');
    expect(exit).to.equal(1);
    expect(stderr).to.include('format must be one of etsy, dogstatsd, influx, graphite; it is "statsd"');
  });

  it('asks for a format', async () => {
    const { exit, stderr } = await send();
    expect(exit).to.equal(1);
    expect(stderr).to.include('say which format');
  });
});
