import type { Decoded } from '@afstatsd/core';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { OutputStats } from '../src/output/output.js';
import { ownMetrics } from '../src/own-metrics.js';
import { Receiver } from '../src/receiver.js';

const output = (dropped: Record<string, number>, errors = 0): OutputStats => ({
  name: 'forward x',
  recorded: 0,
  sent: 0,
  dropped,
  errors,
});

/** Metrics as `name{tags}` → value. */
function written(metrics: readonly Decoded[]): Record<string, number> {
  const entries = metrics.map((metric): [string, number] => {
    if (metric.type !== 'counter' && metric.type !== 'gauge') throw new Error(`a ${metric.type}`);
    const tags = (metric.tags ?? []).map((tag) => tag.join('=')).join();
    return [metric.name.replace('afstatsd.collector.', '') + (tags && `{${tags}}`), metric.value];
  });
  return Object.fromEntries(entries);
}

describe("the collector's own numbers", () => {
  it('go out as 0 first, so that they have their place before any flood of names', () => {
    const receiver = new Receiver(10, () => {});
    const { metrics } = ownMetrics.since(ownMetrics.start(), receiver, [output({ cardinality: 0 })]);
    expect(written(metrics)).to.deep.equal({
      'messages{input=queue}': 0,
      'samples{input=queue}': 0,
      'bad_lines{input=queue}': 0,
      'events{input=queue}': 0,
      'service_checks{input=queue}': 0,
      'messages{input=udp}': 0,
      'samples{input=udp}': 0,
      'bad_lines{input=udp}': 0,
      'events{input=udp}': 0,
      'service_checks{input=udp}': 0,
      'dropped_datagrams{input=udp}': 0,
      'incidents{severity=information}': 0,
      'incidents{severity=warning}': 0,
      'incidents{severity=critical}': 0,
      'sent{output=forward x}': 0,
      'output_errors{output=forward x}': 0,
      'lost{output=forward x,reason=cardinality}': 0,
      queue_depth: 0,
    });
  });

  it('are what has changed since the last time', () => {
    const receiver = new Receiver(10, () => {});
    let { reported } = ownMetrics.since(ownMetrics.start(), receiver, [output({ ended: 0 })]);
    receiver.receiveFromQueue(Buffer.from('hits:1|c::wait:1,2|ms::bad'), 3);
    receiver.receiveFromQueue(Buffer.from('1:fire'), 2);
    receiver.queueDepth = 4;
    let metrics: Decoded[];
    ({ metrics, reported } = ownMetrics.since(reported, receiver, [output({ ended: 2 }, 1)]));
    expect(written(metrics)).to.deep.equal({
      'messages{input=queue}': 1,
      'samples{input=queue}': 3,
      'bad_lines{input=queue}': 1,
      'incidents{severity=critical}': 1,
      'output_errors{output=forward x}': 1,
      'lost{output=forward x,reason=ended}': 2,
      queue_depth: 4,
    });
    ({ metrics } = ownMetrics.since(reported, receiver, [output({ ended: 2 }, 1)]));
    expect(written(metrics)).to.deep.equal({ queue_depth: 4 });
  });

  it('say how much of the queue and of the places for metrics is taken', () => {
    const receiver = new Receiver(10, () => {});
    receiver.queueCapacity = 200;
    const outputs = [{ ...output({}), held: 7, maxMetrics: 100 }];
    const { metrics } = ownMetrics.since(ownMetrics.start(), receiver, outputs);
    expect(written(metrics)).to.include({
      queue_capacity: 200,
      'held_metrics{output=forward x}': 7,
      'max_metrics{output=forward x}': 100,
    });
  });

  it('say what waits for a store, and what became of events, of outputs that have them', () => {
    const outputs = [{ ...output({}), sent: 5, waitingBytes: 77, events: { sent: 3, lost: 1 } }];
    const { metrics } = ownMetrics.since(ownMetrics.start(), new Receiver(10, () => {}), outputs);
    expect(written(metrics)).to.include({
      'sent{output=forward x}': 5,
      'waiting_bytes{output=forward x}': 77,
      'events_sent{output=forward x}': 3,
      'events_lost{output=forward x}': 1,
    });
  });

  it('never fall: an output that was made anew begins at 0', () => {
    const receiver = new Receiver(10, () => {});
    const { reported } = ownMetrics.since(ownMetrics.start(), receiver, [output({ ended: 5 })]);
    const anew = ownMetrics.since(reported, receiver, [output({ ended: 1 })]);
    expect(written(anew.metrics)).to.deep.equal({ queue_depth: 0 });
    const later = ownMetrics.since(anew.reported, receiver, [output({ ended: 3 })]);
    expect(written(later.metrics)).to.include({ 'lost{output=forward x,reason=ended}': 2 });
  });

  it('say how complete clients’ numbers are once a client reports', () => {
    const receiver = new Receiver(10, () => {});
    receiver.receiveFromUDP(Buffer.from('afstatsd.client.recorded:200|c\nafstatsd.client.dropped:1|c'));
    const { metrics } = ownMetrics.since(ownMetrics.start(), receiver, []);
    expect(written(metrics)).to.include({ completeness_percent: 99.5 });
  });
});
