// node --import @afstatsd/auto unhandled.cjs SOCKET: the rejection of a command that nobody handles ends the process, as it does without.
const { Redis } = require('ioredis');

const redis = new Redis({ path: process.argv[2] });
redis.on('ready', () => void main());

async function main() {
  await redis.set('x', 'text');
  void redis.incr('x');
  // An answer after that of the command above.
  await redis.get('x');
  setImmediate(() => {
    console.log('went on');
    redis.disconnect();
  });
}
