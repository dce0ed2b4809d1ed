import { MemoryTransport, StatsdClient, type Tags } from '../../src/index.js';

// Records under the tags that it is told, and says what it would have sent, with tags and folded.
const { tags, common } = JSON.parse(process.argv[2]!) as { tags: Tags; common: Tags };
const transports = [new MemoryTransport(), new MemoryTransport({ tags: 'fold' })];
const ends = transports.map((transport) => {
  const statsd = new StatsdClient({ transport, tags: common });
  statsd.child({ prefix: 'api', tags: { zone: 'b', area: 'c' } }).increment('hits', { tags });
  return statsd.shutdown();
});
void Promise.all(ends).then(() => process.send!(transports.flatMap(({ messages }) => messages)));
