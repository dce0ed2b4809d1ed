// The arguments of the demo. In JavaScript, because they are checked before anything is installed or built.
const { parseArgs } = require('node:util');

exports.USAGE = `npm run demo -- [options]

The services of a small shop record metrics with afstatsd. The collector takes
them from a message queue and shows them. At the end the demo compares what was
recorded with what the collector counted. Its exit code is 0 when they are
equal, 1 when they are not, and 2 when it can't read its arguments.

  --seconds N   how long the shop is open (default 20)
  --forever     until Ctrl-C
  --help        this text

Ctrl-C closes the shop early; the comparison is still made.`;

const DEFAULT_SECONDS = 20;
const MOST_SECONDS = 86_400;

exports.readArguments = function readArguments(args) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string' },
      forever: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const { seconds, forever, help } = values;
  if (forever && seconds !== undefined) throw new Error('--seconds and --forever exclude each other');
  return { duration: forever ? Infinity : readSeconds(seconds) * 1000, help };
};

function readSeconds(text) {
  if (text === undefined) return DEFAULT_SECONDS;
  const seconds = Number(text);
  if (text.trim() !== '' && seconds > 0 && seconds <= MOST_SECONDS) return seconds;
  throw new Error(
    `--seconds takes a number above 0, at most ${MOST_SECONDS}; it was given ${JSON.stringify(text)}`,
  );
}
