// The process of one of http.mjs's cases, which is its argument: answers requests, and says what CPU time they took.
// Each has a process of its own, since some change `http` for all that is in theirs.
import inject from 'light-my-request';
import { httpCases } from './http-cases.mjs';
import { pathOf } from './http-load.mjs';

const id = process.argv[2];
const { server, recorded } = await httpCases.find((one) => one.id === id).make();
const dispatch = (req, res) => server.emit('request', req, res);
let done = 0;
let begin;

const commands = {
  /** Makes requests up, one after the other; answers the CPU time of each, in µs. */
  async inject(count) {
    begin = process.cpuUsage();
    for (let i = 0; i < count; i++) {
      const { statusCode } = await inject(dispatch, { method: 'GET', url: pathOf(i) });
      if (statusCode !== 200) throw new Error(`${id} answered ${statusCode}`);
    }
    return commands.end(count);
  },
  /** Another process is about to send requests. */
  begin() {
    begin = process.cpuUsage();
  },
  /** It has sent so many. */
  end(count) {
    const { user, system } = process.cpuUsage(begin);
    done += count;
    return (user + system) / count;
  },
  /** Whether all of them were recorded. */
  async check() {
    if (recorded === undefined) return;
    await new Promise((resolve) => setTimeout(resolve, 50)); // for the last ones to be closed
    const count = await recorded();
    if (count !== done) throw new Error(`${id} recorded ${count} of ${done} requests`);
  },
};

async function answer({ command, count }) {
  process.send({ result: await commands[command](count) });
}

process.on('message', (message) => void answer(message));
process.on('disconnect', () => process.exit());
server.keepAliveTimeout = 0; // other cases have their turn
server.listen(0, '127.0.0.1', () => process.send({ result: server.address().port }));
