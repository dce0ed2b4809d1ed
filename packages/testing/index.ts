export { type Later, useCleanup } from './cleanup.js';
export { findBrowser, pythonWith } from './commands.js';
export { useDirectories } from './directories.js';
export { freePort } from './free-port.js';
export { LONG, itLong } from './long.js';
export { becomeOther } from './other-user.js';
export { type Ended, Program, type ProgramOptions, type Programs, usePrograms } from './program.js';
export { type Receivers, useReceivers } from './receivers.js';
export { LogLines, Recorded, useClients, useRecorded } from './recorded.js';
export { REQUIREMENTS, type RequirementName, describeWith, isRoot, need } from './requirements.js';
export { COLLECTD } from './servers/collectd.js';
export { describeEachServer, describeServer, useServer } from './servers/describe-server.js';
export { ETSY } from './servers/etsy.js';
export { type Carbon, type Point, useCarbon } from './servers/carbon.js';
export { type Graphite, useGraphite } from './servers/graphite.js';
export { NETDATA } from './servers/netdata.js';
export { type InfluxDB, useInfluxDB } from './servers/influxdb.js';
export { type PrometheusServer, type QueryResult, usePrometheusServers } from './servers/prometheus.js';
export type { Reading, StatsdServer } from './servers/statsd-server.js';
export { type Message, type Queues, TestQueue, type TestQueueOptions, useQueues } from './test-queue.js';
export { Totals } from './totals.js';
export { UdpReceiver, type UdpReceiverOptions } from './udp-receiver.js';
export { UnixReceiver } from './unix-receiver.js';
export { eventually, until } from './until.js';
export {
  type VictoriaMetrics,
  type VictoriaOptions,
  useVictoriaMetrics,
} from './servers/victoria-metrics.js';
