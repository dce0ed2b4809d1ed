'use strict';

// Counts one thing each time that it is loaded, and stays. It is copied, and the copy is changed while a watcher runs it.
const { writeSync } = require('node:fs');
const { Statsd } = require('@afstatsd/core');

Statsd.configure({ interval: 60_000 });
Statsd.increment('loads');
setInterval(() => {}, 60_000);
writeSync(1, 'loaded\n');
