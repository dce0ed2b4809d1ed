// What programs send to: each has a URL, and tells what has arrived when the program has ended.
import { setTimeout as delay } from 'node:timers/promises';
import { probeAnswer } from '@afstatsd/core';
import { TestQueue, Totals, UdpReceiver, freePort } from '@afstatsd/testing';

/**
 * @typedef {object} Receiver
 * @property {string} url - for AFSTATSD_URL.
 * @property {(program: import('@afstatsd/testing').Program) => Promise<void>} [read] - reads while the program runs, where that is
 *   part of what is tried. Settles when the program has ended.
 * @property {() => Promise<Totals>} arrived - what has arrived, once the program has ended.
 * @property {() => void} close
 *
 * @typedef {object} ReceiverKind
 * @property {() => Promise<Receiver>} open
 * @property {true} [losesAll] - nobody takes anything, so all is lost at the end, and one line says so.
 * @property {number} [exitTimeoutMs] - how long the end may wait; so long that it doesn't matter by default.
 */

const READ_MS = 2;
/** A reader that is slow reads one message in that time, in ms. */
const SLOW_READ_MS = 25;
/** How often a client is asked to send, in ms: so seldom that only the end and explicit flushes send. */
const EVERY_MS = 20_000;

/** A queue that is read while the program runs, and that holds 10 messages. */
function readQueue(queue, everyMs) {
  const texts = [];
  const keep = (messages) =>
    texts.push(...messages.filter(({ priority }) => priority === 3).map(({ text }) => text));
  return {
    url: queue.url,
    async read(program) {
      const ended = program.exit();
      while (program.isRunning) {
        await Promise.race([delay(everyMs), ended]);
        const message = queue.read();
        if (message !== undefined) keep([message]);
      }
    },
    async arrived() {
      keep(queue.readAll());
      return Totals.of(texts);
    },
    close: () => queue.remove(),
  };
}

const socketOf = (receiver, url) => ({
  url: url(`udp://127.0.0.1:${receiver.port}`),
  async arrived() {
    await receiver.readAll();
    return Totals.of(receiver.messages);
  },
  close: () => receiver.close(),
});

const nobody = (url) => ({ url, arrived: async () => new Totals(), close: () => {} });

function fullQueue() {
  const queue = new TestQueue();
  queue.fill();
  return queue;
}

async function unreadQueue() {
  const queue = fullQueue();
  return {
    url: queue.url,
    arrived: async () => Totals.of(queue.readAll().map(({ text }) => text)),
    close: () => queue.remove(),
  };
}

const absent = () => `mq:///afstatsd-test-absent-${process.pid}`;

/** @type {Readonly<Record<string, ReceiverKind>>} */
export const RECEIVERS = {
  'the queue': { open: async () => readQueue(new TestQueue(), READ_MS) },
  UDP: { open: async () => socketOf(await UdpReceiver.open(), (url) => url) },
  'the fallback to UDP': {
    async open() {
      const receiver = await UdpReceiver.open({ answer: probeAnswer(EVERY_MS) });
      return socketOf(receiver, (url) => `${absent()}?fallback=${url}`);
    },
  },
  'a full queue that is read again': { open: async () => readQueue(fullQueue(), SLOW_READ_MS) },
  'a full queue that nobody reads': { open: unreadQueue, losesAll: true, exitTimeoutMs: 300 },
  'no queue': { open: async () => nobody(`${absent()}?fallback=false`), losesAll: true },
  'UDP without a listener': {
    open: async () => nobody(`udp://127.0.0.1:${await freePort()}`),
    losesAll: true,
  },
  'neither queue nor listener': {
    open: async () => nobody(`${absent()}?fallback=udp://127.0.0.1:${await freePort()}`),
    losesAll: true,
  },
};

/** Those that take what is sent, at once. */
export const READY = ['the queue', 'UDP', 'the fallback to UDP'];
