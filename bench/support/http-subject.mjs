// The process of one of http.mjs's cases, which is its argument: answers requests, and says what CPU time they took.
// Each has a process of its own, since some change `http` for all that is in theirs.
import { httpCases } from './http-cases.mjs';
import { connectInProcess } from './http-load.mjs';

const id = process.argv[2];
const { server, recorded } = await httpCases.find((one) => one.id === id).make();
let done = 0;
let connection;
let begin;

const commands = {
  /** Answers requests of this process, one after the other; says how long each took, in µs. */
  async inProcess(count) {
    connection ??= connectInProcess(server);
    const begin = performance.now();
    await connection.send(count);
    done += count;
    return ((performance.now() - begin) * 1000) / count;
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
