'use strict';

// What a program of these tests records, and how it says so: its own count of calls beside the ledger, as one line of JSON each time.
const { writeSync } = require('node:fs');
const { setTimeout } = require('node:timers');
const { threadId } = require('node:worker_threads');
const { Statsd } = require('@afstatsd/core');

const STDOUT = 1;
let rounds = 0;
let calls = 0;

/** 33 samples in a round. All that are recorded can be told from what arrives: no gauge is set twice, no member added twice. */
function record() {
  const round = `${threadId}-${rounds++}`;
  for (let i = 0; i < 20; i++) Statsd.increment('hits');
  for (let ms = 1; ms <= 10; ms++) Statsd.timing('wait', ms);
  Statsd.gauge(`level.${round}`, rounds);
  Statsd.set('users', `ann-${round}`);
  Statsd.set('users', `bob-${round}`);
  calls += 33;
  sayLast();
}

/** Bun emits `exit` without `process.emit`, and Deno ends by an error without `exit`: a listener behind all others writes the ledger. */
function sayLast() {
  if (process.versions.bun !== undefined) {
    process.off('exit', say).on('exit', say);
    if (process._exiting) say();
  }
  if (process.versions.deno === undefined) return;
  for (const type of ['error', 'unhandledrejection']) {
    globalThis.removeEventListener(type, say);
    globalThis.addEventListener(type, say);
  }
}

/** 2 samples, under the same names each time. */
function recordSteadily() {
  Statsd.increment('hits');
  Statsd.timing('wait', 1 + (calls % 97));
  calls += 2;
}

/** A gauge whose callback is read once, as there is one name for each reading that arrives. */
function read() {
  calls++;
  return 9;
}

async function flushed() {
  while (Statsd.stats().pending > 0) await Statsd.flush();
}

/** Writes at once, whatever comes next. */
const say = () => void writeSync(STDOUT, `${JSON.stringify({ threadId, calls, stats: Statsd.stats() })}\n`);

/** Keeps the process, but not for ever, should the test be gone. */
function stay() {
  setTimeout(() => {}, 60_000);
  writeSync(STDOUT, 'ready\n');
}

function told(then) {
  process.once('message', () => {
    void Promise.resolve(then()).then(() => process.disconnect());
  });
}

/** Has the ledger written whenever this thread ends by JavaScript: after all listeners, and before a call that doesn't return. */
function sayAtTheEnd() {
  const { emit } = process;
  process.emit = function (event, ...args) {
    try {
      return Reflect.apply(emit, this, [event, ...args]);
    } finally {
      if (event === 'exit') say();
    }
  };
  // After `off` a second signal ends the process, before `kill` is called.
  for (const last of ['reallyExit', 'kill', 'execve', 'off']) {
    const original = process[last];
    if (original === undefined) continue;
    process[last] = (...args) => {
      if (last !== 'off' || process.listenerCount(args[0]) > 0) say();
      return Reflect.apply(original, process, args);
    };
  }
}

module.exports = { Statsd, flushed, read, record, recordSteadily, say, sayAtTheEnd, stay, told };
