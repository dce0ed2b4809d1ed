// To be bundled. Its argument is the URL of what it sends to. It says what it sent, where to, and what it was told.
import { StatsdClient } from '@afstatsd/core';

const heard = [];
const statsd = new StatsdClient({ transport: process.argv[2], logger: { warn: (line) => heard.push(line) } });
statsd.increment('bundled.starts');
const { sent } = await statsd.flush();
console.log(JSON.stringify({ sent, detail: statsd.stats().transport.detail, heard }));
