import { NullTransport, StatsdClient } from '../../src/index.js';

const statsd = new StatsdClient({ transport: new NullTransport() });
const fail = statsd.time('fail', () => Promise.reject(new Error('original rejection')));
const promise = fail();
if (process.argv[2] === 'handled') promise.catch(() => {});
