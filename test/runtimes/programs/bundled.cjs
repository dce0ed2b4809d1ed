'use strict';

// As bundled.mjs, for bundlers that emit CommonJS, which has no `await` outside of functions.
const { StatsdClient } = require('@afstatsd/core');

const heard = [];
const statsd = new StatsdClient({ transport: process.argv[2], logger: { warn: (line) => heard.push(line) } });
statsd.increment('bundled.starts');
void statsd.flush().then(({ sent }) => {
  console.log(JSON.stringify({ sent, detail: statsd.stats().transport.detail, heard }));
});
