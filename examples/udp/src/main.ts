// node examples/udp/dist/src/main.js FORMAT [HOST:PORT]: sends metrics with tags to a StatsD server over UDP, by default to
// 127.0.0.1:8125.
//
//   dogstatsd   Datadog's Agent, statsd_exporter, gostatsd
//   influx      Telegraf
//   etsy        etsy's statsd, netdata, and any other: tags become part of the name
//   graphite    a StatsD server that passes on names with ;key=value to Graphite
import { Statsd } from '@afstatsd/core';

async function main(): Promise<void> {
  const [format, server = '127.0.0.1:8125'] = process.argv.slice(2);
  if (format === undefined) throw new Error('say which format: dogstatsd, influx, etsy or graphite');

  // The same as new UDPTransport({ host, port, format }); AFSTATSD_URL takes such a URL, too. A format that doesn't exist, or
  // a port that can't be, is a TypeError.
  Statsd.configure({
    transport: `udp://${server}?format=${format}`,
    prefix: 'shop',
    tags: { region: 'eu' },
  });

  Statsd.increment('orders', { tags: { method: 'card' } });
  Statsd.increment('orders', { tags: { method: 'card' } });
  Statsd.updateStats('revenue_cents', 4999);
  Statsd.gauge('balance', -5);
  Statsd.timing('checkout', 87.2, { tags: { method: 'card' } });
  Statsd.timing('checkout', 12, { tags: { method: 'card' } });
  Statsd.set('customers', 'anna');

  // It would leave at the end of the process by itself. A program that wants to know whether it has left awaits a flush.
  const { sent, pending } = await Statsd.flush();
  console.log(`${format} to ${server}: ${sent} samples sent, ${pending} not`);
}

void main();
