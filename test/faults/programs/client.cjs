'use strict';

// An ordinary app that records steadily until it is told to stop, with its ledger at the end: `client.cjs SAMPLES_PER_MS`. Where it
// sends to is in AFSTATSD_URL. Told to pause, it says when everything that it has recorded has left.
const app = require('./app.cjs');

const INTERVAL_MS = 50;
const [rate] = process.argv.slice(2).map(Number);
app.Statsd.configure({ interval: INTERVAL_MS, exitTimeout: 60_000 });
app.sayAtTheEnd();

let recording;
function goOn() {
  recording = setInterval(() => {
    for (let i = 0; i < rate; i += 2) app.recordSteadily();
  }, 1);
}

async function pause() {
  clearInterval(recording);
  await app.flushed();
}

async function rest(told) {
  await pause();
  if (told === 'stop') process.exit();
  process.send(app.Statsd.stats().sent);
}

process.on('message', (told) => {
  if (told === 'go on') goOn();
  else void rest(told);
});
// Not for ever, should the test be gone.
process.once('disconnect', () => process.exit());
goOn();
