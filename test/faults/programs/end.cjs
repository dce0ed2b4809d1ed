'use strict';

// Ends as a row of the table says: `end.cjs NAME EXIT_TIMEOUT_MS`. Where it sends to is in AFSTATSD_URL.
const { ENDS } = require('../ends.cjs');
const app = require('./app.cjs');

const [name, exitTimeout] = process.argv.slice(-2);
app.Statsd.configure({ interval: 60_000, exitTimeout: Number(exitTimeout) });
app.sayAtTheEnd();
void ENDS[name].run(app);
