'use strict';

// The ends of a process, a row for each. A new end is a row more: it is tried at each receiver, in each realm and Node.js version.
const { setTimeout } = require('node:timers');
const { Worker, isMainThread } = require('node:worker_threads');

/**
 * @typedef {object} App - what a row has in the process that ends; `programs/app.cjs` makes it.
 * @property {import('@afstatsd/core').StatsdClient} Statsd - sends to the receiver.
 * @property {() => void} record - records some samples of each kind, others each time.
 * @property {() => number} read - a callback for a gauge.
 * @property {() => Promise<void>} flushed - flushes, until nothing waits.
 * @property {() => void} say - writes the ledger. It is written as the process ends, too, as long as JavaScript runs then.
 * @property {() => void} stay - keeps the process, and says that it is ready for a signal.
 * @property {(then: () => unknown) => void} told - what is done when the test says so.
 *
 * @typedef {object} End
 * @property {(app: App) => unknown} run - what the program does.
 * @property {number | NodeJS.Signals} ends - its exit code, or the signal that it dies by.
 * @property {readonly (NodeJS.Signals | 'told' | number)[]} [sent] - what it is sent once it is ready, and ms between.
 * @property {true} [anywhere] - tried at receivers that are full or away, too.
 * @property {boolean} [losesPending] - what was recorded since the last flush is lost, and no more. By default nothing is.
 * @property {RegExp} [says] - the one line that afstatsd says. By default it says none.
 * @property {RegExp} [saysLost] - the line where nobody takes anything, if it isn't that the process ends with so many samples.
 * @property {string} [since] - the first version of Node.js that has this end.
 * @property {Readonly<Record<string, Partial<End> | null>>} [elsewhere] - what is different in Bun and Deno; null: it has no such end.
 */

const fail = () => {
  throw new Error('on purpose');
};
const exit = (code) => () => process.exit(code);
const later = (what) => () => void setTimeout(what, 1);

/** What the program does once it has recorded something. */
const recordsThen = (what) => (app) => {
  app.record();
  return what(app);
};

/** Has something taken, records more, and does what leaves no time to send that. */
const flushesThen = (what) => async (app) => {
  app.record();
  await app.flushed();
  app.record();
  app.say();
  await what(app);
};

/** What a worker thread does, and what the main thread does with it. */
const inWorker =
  (what, main = () => {}) =>
  (app) => {
    if (!isMainThread) return what(app);
    const worker = new Worker(process.argv[1], { argv: process.argv.slice(2) });
    worker.on('error', () => {});
    return main(worker, app);
  };

/** All that sinon replaces, `nextTick` and `queueMicrotask` too. */
const installFakeTimers = () => require('@sinonjs/fake-timers').install({ now: 0 });

const stays = recordsThen(({ stay }) => stay());

/** @type {Readonly<Record<string, End>>} */
const ENDS = {
  'falls off the end': { run: recordsThen(() => {}), ends: 0, anywhere: true },
  'sets exitCode': { run: recordsThen(() => (process.exitCode = 3)), ends: 3 },
  'calls process.exit': { run: recordsThen(exit(3)), ends: 3, anywhere: true },
  'calls process.exit in a callback': { run: recordsThen(later(exit(3))), ends: 3 },
  'calls process.exit while a flush is under way': {
    run: recordsThen(({ Statsd, record }) => {
      void Statsd.flush();
      record();
      process.exit(3);
    }),
    ends: 3,
  },
  'calls process.exit after a flush': {
    run: recordsThen(async ({ flushed }) => {
      await flushed();
      process.exit(3);
    }),
    ends: 3,
  },
  'calls shutdown': {
    run: recordsThen(({ Statsd }) => Statsd.shutdown({ timeout: 60_000 })),
    ends: 0,
  },
  'calls process.exit while shutdown is under way': {
    run: recordsThen(({ Statsd }) => {
      void Statsd.shutdown();
      process.exit(3);
    }),
    ends: 3,
  },
  'records more before it exits': {
    run: recordsThen(({ record }) => void process.once('beforeExit', record)),
    ends: 0,
  },

  'has fake timers from before its first sample': {
    run: (app) => {
      installFakeTimers();
      app.record();
    },
    ends: 0,
    anywhere: true,
  },
  'has fake timers, and flushes': {
    run: recordsThen(async ({ flushed }) => {
      installFakeTimers();
      await flushed();
    }),
    ends: 0,
  },
  'has fake timers, and calls shutdown': {
    run: recordsThen(({ Statsd }) => {
      installFakeTimers();
      return Statsd.shutdown({ timeout: 60_000 });
    }),
    ends: 0,
  },
  'has fake timers, and gets SIGTERM': {
    run: recordsThen(({ stay }) => {
      stay();
      installFakeTimers();
    }),
    sent: ['SIGTERM'],
    ends: 'SIGTERM',
    anywhere: true,
  },
  'takes performance away': {
    run: (app) => {
      globalThis.performance = undefined;
      app.record();
    },
    ends: 0,
    anywhere: true,
  },
  'takes the global timers away': {
    run: (app) => {
      for (const name of ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate', 'setInterval']) {
        globalThis[name] = undefined;
      }
      app.record();
      return app.flushed();
    },
    ends: 0,
  },

  throws: { run: recordsThen(fail), ends: 1, anywhere: true },
  'throws in a callback': { run: recordsThen(later(fail)), ends: 1 },
  'leaves a rejection unhandled': {
    run: recordsThen(() => void Promise.reject(new Error('on purpose'))),
    ends: 1,
    anywhere: true,
  },
  'handles its uncaught exception, and exits': {
    run: recordsThen(() => {
      process.once('uncaughtException', exit(3));
      fail();
    }),
    ends: 3,
  },
  'throws in its uncaughtException handler': {
    run: flushesThen(() => {
      process.once('uncaughtException', fail);
      setTimeout(fail, 1);
    }),
    ends: 7,
    losesPending: true,
    elsewhere: { bun: { losesPending: false }, deno: { ends: 1, losesPending: false } },
  },
  'throws in the error handler of a domain': {
    run: flushesThen(() => {
      // Loading it changes how every event is emitted.
      require('node:domain').create().on('error', fail).run(later(fail));
    }),
    ends: 7,
    losesPending: true,
    elsewhere: { bun: { ends: 1, losesPending: false }, deno: { ends: 1, losesPending: false } },
  },

  'gets SIGTERM': { run: stays, sent: ['SIGTERM'], ends: 'SIGTERM', anywhere: true },
  'gets SIGINT': { run: stays, sent: ['SIGINT'], ends: 'SIGINT' },
  'gets SIGHUP': { run: stays, sent: ['SIGHUP'], ends: 'SIGHUP' },
  'gets SIGTERM twice, 2 ms apart': { run: stays, sent: ['SIGTERM', 2, 'SIGTERM'], ends: 'SIGTERM' },
  'gets SIGTERM twice, 5 ms apart': {
    run: stays,
    sent: ['SIGTERM', 5, 'SIGTERM'],
    ends: 'SIGTERM',
    anywhere: true,
  },
  'gets SIGINT twice, 15 ms apart': { run: stays, sent: ['SIGINT', 15, 'SIGINT'], ends: 'SIGINT' },
  'gets SIGTERM in a busy loop': {
    run: recordsThen(({ stay, record }) => {
      stay();
      for (const end = Date.now() + 200; Date.now() < end;);
      record();
    }),
    sent: ['SIGTERM'],
    ends: 'SIGTERM',
  },
  'exits in its own SIGTERM handler': {
    run: recordsThen(({ record, stay }) => {
      process.on('SIGTERM', () => {
        record();
        process.exit(5);
      });
      stay();
    }),
    sent: ['SIGTERM'],
    ends: 5,
  },
  'handles SIGTERM once, cleans up, and raises it again': {
    run: recordsThen(({ record, stay }) => {
      process.once('SIGTERM', (signal) => {
        record();
        setTimeout(() => {
          record();
          process.kill(process.pid, signal);
        }, 20);
      });
      stay();
    }),
    sent: ['SIGTERM'],
    ends: 'SIGTERM',
  },
  'gets SIGTERM with handleSignals: false': {
    run: ({ Statsd, ...app }) => {
      Statsd.configure({ handleSignals: false });
      return flushesThen(app.stay)(app);
    },
    sent: ['SIGTERM'],
    ends: 'SIGTERM',
    losesPending: true,
  },
  'gets SIGUSR2, which nobody handles': {
    run: flushesThen(({ stay }) => stay()),
    sent: ['SIGUSR2'],
    ends: 'SIGUSR2',
    losesPending: true,
  },
  'gets SIGKILL': {
    run: flushesThen(({ stay }) => stay()),
    sent: ['SIGKILL'],
    ends: 'SIGKILL',
    losesPending: true,
  },

  'has an exit listener from before that calls process.exit': {
    run: ({ record }) => {
      process.on('exit', exit(4));
      record();
    },
    ends: 4,
    anywhere: true,
  },
  'has an exit listener from before that throws': {
    run: ({ record, say }) => {
      process.on('exit', () => {
        say();
        fail();
      });
      record();
    },
    ends: 1,
  },
  'has an exit listener from after that calls process.exit': {
    run: recordsThen(() => void process.on('exit', exit(5))),
    ends: 5,
  },
  'has an exit listener from after that throws': {
    run: recordsThen(() => void process.on('exit', fail)),
    ends: 1,
  },
  'has prepended an exit listener that calls process.exit': {
    run: recordsThen(() => void process.prependListener('exit', exit(5))),
    ends: 5,
  },
  'has prepended an exit listener that throws': {
    run: recordsThen(({ say }) => {
      process.prependListener('exit', () => {
        say();
        fail();
      });
    }),
    ends: 1,
  },
  'records its first sample in an exit listener': {
    run: ({ record }) => void process.prependListener('exit', record),
    ends: 0,
    anywhere: true,
    saysLost: /the process ends, and nobody takes what a listener of exit records: /,
  },
  'records more in an exit listener': {
    run: recordsThen(({ record }) => void process.on('exit', record)),
    ends: 0,
  },
  'removes all exit listeners before a flush of the interval': {
    run: recordsThen(({ Statsd, record }) => {
      process.removeAllListeners('exit');
      Statsd.configure({ interval: 20 });
      const goOn = () => {
        if (process.listenerCount('exit') === 0) return void setTimeout(goOn, 5);
        Statsd.configure({ interval: 60_000 });
        record();
      };
      setTimeout(goOn, 5);
    }),
    ends: 0,
  },
  'removes all SIGTERM listeners before a flush of the interval': {
    run: recordsThen(({ Statsd, record, stay }) => {
      process.removeAllListeners('SIGTERM');
      Statsd.configure({ interval: 20 });
      const goOn = () => {
        if (process.listenerCount('SIGTERM') === 0) return void setTimeout(goOn, 5);
        Statsd.configure({ interval: 60_000 });
        record();
        stay();
      };
      setTimeout(goOn, 5);
    }),
    sent: ['SIGTERM'],
    ends: 'SIGTERM',
  },

  'has a gauge callback': {
    run: recordsThen(({ Statsd, read }) => void Statsd.gauge('read', read)),
    ends: 0,
  },
  'has a gauge callback that throws': {
    run: recordsThen(({ Statsd }) => void Statsd.gauge('bad', fail)),
    ends: 0,
    says: /the callback of gauge "bad"/,
  },
  'has a gauge callback that calls process.exit': {
    run: recordsThen(({ Statsd, read }) => {
      Statsd.gauge('read', () => {
        if (!process._exiting) process.exit(6);
        return read();
      });
      void Statsd.flush();
    }),
    ends: 6,
  },

  'has a worker thread that ends': { run: inWorker(recordsThen(() => {})), ends: 0, anywhere: true },
  'has a worker thread that calls process.exit': { run: inWorker(recordsThen(exit(3))), ends: 0 },
  'has a worker thread that throws': { run: inWorker(recordsThen(fail)), ends: 0 },
  'records itself, and has a worker thread that ends': {
    run: (app) => {
      if (isMainThread) app.record();
      return inWorker(recordsThen(() => {}))(app);
    },
    ends: 0,
  },
  'terminates a worker thread': {
    run: inWorker(
      flushesThen(({ stay }) => stay()),
      (worker, { told }) => told(() => worker.terminate()),
    ),
    sent: ['told'],
    ends: 0,
    losesPending: true,
  },
  'exits with a worker thread at work': {
    run: inWorker(
      flushesThen(({ stay }) => stay()),
      (worker, { told }) => told(exit(4)),
    ),
    sent: ['told'],
    ends: 4,
    losesPending: true,
  },

  'is replaced by process.execve': {
    run: flushesThen(() => {
      process.execve(process.execPath, [process.execPath, '-e', 'process.exit(9)'], {});
    }),
    ends: 9,
    losesPending: true,
    since: '22.15.0',
    elsewhere: { deno: null },
  },
};

module.exports = { ENDS };
