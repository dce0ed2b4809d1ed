'use strict';

// A reporter of Jest that prints at the end, as JSON, how large the heap and how many descriptors were open after each file.
const { readdirSync } = require('node:fs');
const { setImmediate: turn } = require('node:timers/promises');

/** Those of the folder itself and of the reporter's own output are the same each time. */
const descriptors = () => (process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0);

module.exports = class {
  #ends = [];

  async onTestResult(_test, { numPassingTests }) {
    // An environment is torn down after this, so the figures are those of the files before. Finalizers run in turns of their own.
    for (let i = 0; i < 4; i++) {
      await turn();
      globalThis.gc();
    }
    this.#ends.push({
      passed: numPassingTests,
      heap: process.memoryUsage().heapUsed,
      descriptors: descriptors(),
    });
  }

  onRunComplete() {
    console.log(JSON.stringify(this.#ends));
  }
};
