import { MemoryTransport, Statsd, StatsdClient } from '../../src/index.js';

process.env['AFSTATSD_PREFIX'] = 'late';
process.env['AFSTATSD_INTERVAL'] = '0';
const shared = new MemoryTransport();
const own = new MemoryTransport();
Statsd.configure({ transport: shared });
Statsd.increment('hits');
new StatsdClient({ transport: own, prefix: 'code' }).increment('hits');
process.stdout.write(JSON.stringify({ shared: shared.messages, own: own.messages }));
