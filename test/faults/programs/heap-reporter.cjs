'use strict';

// A reporter of Jest that prints at the end, as JSON, how large the heap and how many the open sockets were after each file.
const { readdirSync, readlinkSync } = require('node:fs');
const { setImmediate: turn } = require('node:timers/promises');

function sockets() {
  if (process.platform !== 'linux') return 0;
  let count = 0;
  for (const fd of readdirSync('/proc/self/fd')) {
    try {
      if (readlinkSync(`/proc/self/fd/${fd}`).startsWith('socket:')) count++;
    } catch {
      // The descriptor of the folder itself.
    }
  }
  return count;
}

module.exports = class {
  #ends = [];

  async onTestResult(_test, { numPassingTests }) {
    // An environment is torn down after this, so the figures are those of the files before. Finalizers run in turns of their own.
    for (let i = 0; i < 4; i++) {
      await turn();
      globalThis.gc();
    }
    this.#ends.push({ passed: numPassingTests, heap: process.memoryUsage().heapUsed, sockets: sockets() });
  }

  onRunComplete() {
    console.log(JSON.stringify(this.#ends));
  }
};
