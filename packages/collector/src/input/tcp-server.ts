import { type Server, type Socket, createServer } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { describeAddress } from '../config/address.js';
import { BatchSender } from '../lines/batch-sender.js';
import { KnownLines } from '../lines/known-lines.js';
import { Pending } from '../lines/pending.js';
import type { ListenAddress } from './listen-address.js';
import { isMissing } from './listen-failure.js';
import { StreamLines } from './stream-lines.js';
import { DONE, type FromTCPServer, type TCPServerOptions, type ToTCPServer } from './tcp-protocol.js';

/** The most connections at one time, for each address. If each holds the longest beginning of a line, they take 16 MiB. */
const MAX_CONNECTIONS = 1024;
/** The time without data after which a connection is probed, in ms, because its other end may have gone. */
const KEEP_ALIVE_MS = 60_000;
/** The longest time between two batches for the main thread, in ms. */
const LONGEST_HOLD_MS = 1_000;
/** The interval at which connections are counted, in ms. */
const COUNT_MS = 1_000;
/** The length of the beginning of a lost line that is shown, in bytes. */
const SHOWN_BYTES = 200;
/** A web page can make a browser send lines to a port of its machine. The first line is then such a request, so it is refused. */
const HTTP_REQUEST = /^[A-Z]+ \S+ HTTP\/1\.\d\r?$/;
const LOST = Buffer.from('(not the whole line) ');

const { addresses, knownLines, shared } = workerData as TCPServerOptions;
const main = parentPort as MessagePort;
const say = (message: FromTCPServer, transfer: ArrayBuffer[] = []): void =>
  main.postMessage(message, transfer);

const sender = new BatchSender({
  shared,
  done: DONE,
  longest: LONGEST_HOLD_MS,
  post: (batch, transfer) => say({ type: 'batch', batch }, transfer),
});
const pending = new Pending(() => sender.send(pending));
const known = new KnownLines(pending, { grammar: 'lines', keys: knownLines });
const servers: Server[] = [];
const connections = new Set<Socket>();
let bytesRead = 0;
let handOver: NodeJS.Timeout | undefined;
let refused = 0;
let told = 0;

void start();

async function start(): Promise<void> {
  const missing: number[] = [];
  for (const [place, listen] of addresses.entries()) {
    const error = await open(listen);
    if (error === undefined) continue;
    missing.push(place);
    if (!listen.isOptional || !isMissing(error.code) || missing.length === addresses.length) {
      const { message, code } = error;
      say({ type: 'failed', message, code, address: place });
      for (const server of servers) server.close();
      main.close();
      return;
    }
  }
  const counter = setInterval(sayConnections, COUNT_MS);
  main.on('message', ({ timeout }: ToTCPServer) => {
    clearInterval(counter);
    void stop(timeout);
  });
  say({ type: 'ready', missing });
}

/** Listens on an address. Resolves to an error if that fails. */
function open({ address, port }: ListenAddress): Promise<NodeJS.ErrnoException | undefined> {
  const server = createServer({ keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS, noDelay: true });
  server.maxConnections = MAX_CONNECTIONS;
  server.on('connection', serve);
  server.on('drop', () => refused++);
  return new Promise((resolve) => {
    server.once('error', resolve);
    server.listen({ host: address, port, exclusive: true }, () => {
      // From now on only accepting can fail, because descriptors run out. The connection then waits, so the error is ignored.
      server.removeAllListeners('error').on('error', () => {});
      servers.push(server);
      resolve(undefined);
    });
  });
}

function serve(socket: Socket): void {
  connections.add(socket);
  const { remoteAddress: address = '', remotePort: port = 0 } = socket;
  const sender = (): { address: string; port: number } => ({ address, port });
  let isFirst = true;
  const lines = new StreamLines({
    onLine: (bytes, from, to) => {
      if (socket.destroyed) return;
      if (isFirst && HTTP_REQUEST.test(bytes.toString('latin1', from, to))) {
        say({ type: 'http', from: describeAddress({ host: address, port }) });
        socket.destroy();
        return;
      }
      isFirst = false;
      known.read(bytes, from, to, sender);
    },
    onLost: (beginning) => {
      const shown = Buffer.concat([LOST, beginning.subarray(0, SHOWN_BYTES)]);
      // A lost line is a bad line, even if its beginning could be read as a metric.
      known.read(shown.map(withoutBar) as Buffer, 0, shown.length, sender);
    },
  });
  socket.on('data', (chunk) => {
    bytesRead += chunk.length;
    lines.take(chunk);
    handOverSoon();
  });
  socket.on('end', () => {
    lines.end();
    handOverSoon();
  });
  // The connection was cut off. 'close' follows, so nothing is done here.
  socket.on('error', () => {});
  socket.on('close', () => {
    lines.cutOff();
    connections.delete(socket);
    handOverSoon();
  });
}

const BAR = 124;
const UNDERSCORE = 95;

function withoutBar(byte: number): number {
  return byte === BAR ? UNDERSCORE : byte;
}

function handOverSoon(): void {
  if (pending.isEmpty || handOver !== undefined) return;
  handOver = setTimeout(handOverNow, sender.due);
}

function handOverNow(): void {
  clearTimeout(handOver);
  handOver = undefined;
  if (pending.isEmpty) return;
  sender.send(pending);
  known.sweep();
}

function sayConnections(): void {
  if (connections.size === told && refused === 0) return;
  told = connections.size;
  say({ type: 'connections', open: told, refused });
  refused = 0;
}

async function stop(timeout: number): Promise<void> {
  const end = performance.now() + timeout;
  for (const server of servers) server.close();
  let before = -1;
  while (bytesRead !== before && performance.now() < end) {
    before = bytesRead;
    // Node's event loop reads its sockets between two turns.
    await nextTurn();
    await nextTurn();
  }
  const closed = [...connections].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
  for (const socket of connections) socket.destroy();
  await Promise.all(closed);
  handOverNow();
  sayConnections();
  say({ type: 'end' });
  main.close();
}
