'use strict';

// Counts each time that it is loaded, when its first flush is over, so that the count waits for the end. It is copied, and the copy is
// changed while a watcher runs it.
const { writeSync } = require('node:fs');
const { Statsd } = require('@afstatsd/core');

Statsd.configure({ interval: 600_000 });
Statsd.increment('starts');
setInterval(() => {}, 600_000);
void Statsd.flush().then(() => {
  Statsd.increment('loads');
  writeSync(1, 'loaded\n');
});
