// To be bundled: counts one thing, and says what it sent and heard. Its arguments are a queue's name and a UDP port.
const { AFTransport, StatsdClient, UDPTransport } = require('@afstatsd/core');

const [queue, port] = process.argv.slice(2);
const heard = [];
const hear = (line) => heard.push(line);
const statsd = new StatsdClient({
  transport: new AFTransport({ queue, fallback: new UDPTransport({ port: Number(port) }) }),
  logger: { warn: hear },
});
statsd.increment('bundled.starts');
void statsd
  .flush()
  .then(({ sent }) => console.log(JSON.stringify({ sent, state: statsd.stats().transport.state, heard })));
