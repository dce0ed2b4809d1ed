// Sends http.mjs's requests, over loopback or in the process, with as little as can be.
import { once } from 'node:events';
import net from 'node:net';
import { Duplex } from 'node:stream';

const CONNECTIONS = 8;
const END_OF_BODY = '}'.charCodeAt(0); // the answers are one JSON object, and no header ends like that

/** The path of a request: a thousand users in turn. */
const pathOf = (i) => `/api/users/${i % 1000}`;

const requestOf = (i) =>
  `GET ${pathOf(i)} HTTP/1.1\r\nhost: localhost\r\nuser-agent: bench\r\naccept: application/json\r\n\r\n`;

/** A connection that stays, in memory: a server's parser, requests and responses are Node's own. */
class Memory extends Duplex {
  #left = 0;
  #done;

  /** Resolves when all have been answered, one after the other. */
  send(count) {
    this.#left = count;
    this.#next();
    return new Promise((resolve) => (this.#done = resolve));
  }

  #next() {
    this.push(Buffer.from(requestOf(this.#left--), 'latin1'));
  }

  #answered() {
    if (this.#left > 0) this.#next();
    else this.#done();
  }

  _read() {}

  _write(chunk, _encoding, callback) {
    callback();
    if (chunk.at(-1) === END_OF_BODY) setImmediate(() => this.#answered());
  }

  // As a socket has it.
  destroySoon() {
    this.destroy();
  }

  setTimeout() {
    return this;
  }
}

/** @returns what sends requests to a server in this process. */
export function connectInProcess(server) {
  const connection = new Memory({ decodeStrings: true });
  server.emit('connection', connection);
  return connection;
}

/** Connections that stay, each with one request at a time. */
export async function connect(port) {
  const sockets = Array.from({ length: CONNECTIONS }, () =>
    net.connect({ port, host: '127.0.0.1', noDelay: true }),
  );
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  return {
    send: (count) => Promise.all(sockets.map((socket) => sendOn(socket, count / CONNECTIONS))),
    close: () => sockets.forEach((socket) => socket.destroy()),
  };
}

/** Resolves when all have been answered. */
function sendOn(socket, count) {
  return new Promise((resolve, reject) => {
    let sent = 0;
    const next = () => {
      if (sent === count) {
        socket.removeAllListeners();
        resolve();
      } else {
        socket.write(requestOf(sent++));
      }
    };
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the server has closed a connection')));
    socket.on('data', (data) => {
      if (data.at(-1) === END_OF_BODY) next();
    });
    next();
  });
}
