import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { Log } from '../src/log.js';
import { ConsoleOutput } from '../src/output/console/console.js';
import { OtlpOutput } from '../src/output/otlp/otlp.js';
import { PrometheusOutput } from '../src/output/prometheus/prometheus.js';
import { Receiver } from '../src/receiver.js';

const DATAGRAMS = 2000;
const LONG = 'a'.repeat(60_000);

/** What is refused, and metrics beside a long line. */
const KINDS: Readonly<Record<string, (i: number) => string>> = {
  'long names of counters': (i) => `n${i}.${LONG}:1|c`,
  'long names of counters that fall': (i) => `n${i}.${LONG}:-1|c`,
  'long names of gauges': (i) => `n${i}.${LONG}:1|g`,
  'long names of changed gauges': (i) => `n${i}.${LONG}:+1|g`,
  'long names of timers': (i) => `n${i}.${LONG}:1|ms`,
  'long names of histograms': (i) => `n${i}.${LONG}:1|h`,
  'long names of sets': (i) => `n${i}.${LONG}:1|s`,
  'long tags of gauges': (i) => `n:1|g|#t${i}:${LONG}`,
  'long keys of tags': (i) => `n:1|c|#t${i}${LONG}:1`,
  'long members': (i) => `n:m${i}${LONG}|s`,
  'short names beside a long line': (i) => `a.usual.name.of.a.counter.${i}:1|c\n${LONG}`,
  'short names of gauges beside a long line': (i) => `a.usual.name.of.a.gauge.${i}:1|g\n${LONG}`,
  'short tags beside a long line': (i) => `t:1|ms|#instance:usual-name-of-an-instance-${i}\n${LONG}`,
  'short members beside a long line': (i) => `s:usual-member-of-a-set-${i}|s\n${LONG}`,
  events: (i) => `_e{5,60000}:title|${i}${LONG}`,
  'bad lines': (i) => `${i}${LONG}`,
};

/** In bytes, after a collection of garbage. */
function heap(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

describe('memory of the collector', () => {
  for (const [kind, datagram] of Object.entries(KINDS)) {
    it(`doesn't grow with ${kind}`, async () => {
      const log = new Log(() => {});
      const receiver = new Receiver(100_000, () => {});
      receiver.outputs = [
        new PrometheusOutput({ port: 0, logger: log }),
        new OtlpOutput({ url: 'http://127.0.0.1:9', logger: log }),
        new ConsoleOutput({
          interval: 3_600_000,
          maxMetrics: 100_000,
          log,
          json: true,
          screen: undefined,
          inputs: () => '',
          write: () => {},
          busy: () => false,
          header: () => [],
        }),
      ];
      receiver.receiveFromUDP(Buffer.from(datagram(DATAGRAMS)));
      const before = heap();
      for (let i = 0; i < DATAGRAMS; i++) receiver.receiveFromUDP(Buffer.from(datagram(i)));
      const grown = (heap() - before) / 2 ** 20;
      for (const output of receiver.outputs) await output.close(1);
      // The datagrams have 114 MB. 2000 metrics in three outputs may take 12 kB each.
      expect(grown).to.be.below(24);
    });
  }
});
