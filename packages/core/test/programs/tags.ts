import { MemoryTransport, StatsdClient, type Tags } from '../../src/index.js';

// Records under the tags that it is told, and says what it would have sent.
const { tags, common } = JSON.parse(process.argv[2]!) as { tags: Tags; common: Tags };
const transport = new MemoryTransport();
const statsd = new StatsdClient({ transport, tags: common });
statsd.child({ prefix: 'api', tags: { zone: 'b', area: 'c' } }).increment('hits', { tags });
void statsd.shutdown().then(() => process.send!(transport.messages));
