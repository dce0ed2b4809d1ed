// One of many clients of bench/collector-input.mjs: flushes counters into a queue, or to a UDP port, as often as it is told to.
import { AFTransport, StatsdClient, UDPTransport } from '@afstatsd/core';

const COUNTERS = 100;
/** Ten lines a message. */
const MESSAGE_BYTES = 400;
const [queue, port, number] = process.argv.slice(2);

const transport =
  port === '0'
    ? new AFTransport({ queue, fallback: false, maxMessageBytes: MESSAGE_BYTES })
    : new UDPTransport({
        host: '127.0.0.1',
        port: Number(port),
        format: 'dogstatsd',
        maxMessageBytes: MESSAGE_BYTES,
      });
const statsd = new StatsdClient({ transport, service: false, interval: 3_600_000, telemetry: false });

async function flush(rounds) {
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < COUNTERS; i++)
      statsd.increment(`client${number}.calls${i}`, { tags: { region: `r${i % 10}` } });
    await statsd.flush({ timeout: 600_000 });
  }
  process.send(transport.stats().messages);
}

process.on('message', (rounds) => {
  if (rounds === 0) process.exit();
  void flush(rounds);
});
process.send('ready');
