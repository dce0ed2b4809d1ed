// Prints at the end, as JSON, how large the heap was after each file, and how many subscribers Node's channel had.
const { channel } = require('node:diagnostics_channel');

module.exports = class {
  #ends = [];

  async onTestResult(_test, { numPassingTests }) {
    // An environment is torn down after this, so the figures are those of the files before.
    await new Promise((resolve) => void setImmediate(resolve));
    globalThis.gc();
    await new Promise((resolve) => void setImmediate(resolve));
    globalThis.gc();
    const { _subscribers: subscribers = [] } = channel('http.server.response.finish');
    const heap = process.memoryUsage().heapUsed;
    this.#ends.push({ passed: numPassingTests, heap, subscribers: subscribers.length });
  }

  onRunComplete() {
    globalThis.gc();
    console.log(JSON.stringify(this.#ends));
  }
};
