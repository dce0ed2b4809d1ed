export { collectd, startCollectd } from './collectd.js';
export { describeEachServer, describeServer } from './each-server.js';
export { startEtsy } from './etsy.js';
export { eventually } from './eventually.js';
export { freePort } from './free-port.js';
export { netdata, startNetdata } from './netdata.js';
export type { Reading, StatsdServer } from './statsd-server.js';
export { UdpReceiver } from './udp-receiver.js';
