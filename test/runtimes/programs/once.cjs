'use strict';

// Counts one thing, flushes, and says what became of it and what it was told. Where it sends to is in AFSTATSD_URL.
const { Statsd } = require('@afstatsd/core');

const heard = [];
Statsd.configure({ logger: { warn: (line) => heard.push(line) } });
Statsd.increment('hits');
void Statsd.flush().then(({ sent }) => {
  console.log(JSON.stringify({ sent, detail: Statsd.stats().transport.detail, heard }));
});
