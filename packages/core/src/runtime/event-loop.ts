import { monitorEventLoopDelay } from 'node:perf_hooks';
import { eventLoopUtilization, now } from '../host/clock.js';
import { closeWhenGone, disable, makeOutside, noteClosed } from '../host/node-realm.js';
import { setImmediate } from '../host/timers.js';
import type { Probe, StartProbe } from './probe.js';

const NS_PER_S = 1e9;
const MS_PER_S = 1000;

/**
 * Delay of the event loop since the last reading. A timer of libuv fires every `eventLoopResolution` ms and measures the time
 * since it fired before, so an idle loop shows that time, as prom-client and OpenTelemetry have it.
 */
export const startLoopDelay: StartProbe = ({ thread }, { eventLoopResolution }) => {
  const histogram = makeOutside(() => monitorEventLoopDelay({ resolution: eventLoopResolution }));
  histogram.enable();
  const probe: Probe = {
    read() {
      // Deno has a histogram that stays empty.
      if (histogram.count === 0) return;
      thread.gauge('nodejs.eventloop.lag.min.seconds', histogram.min / NS_PER_S);
      thread.gauge('nodejs.eventloop.lag.max.seconds', histogram.max / NS_PER_S);
      thread.gauge('nodejs.eventloop.lag.mean.seconds', histogram.mean / NS_PER_S);
      thread.gauge('nodejs.eventloop.lag.stddev.seconds', histogram.stddev / NS_PER_S);
      for (const percentile of [50, 90, 99]) {
        const ns = histogram.percentile(percentile);
        thread.gauge(`nodejs.eventloop.lag.p${percentile}.seconds`, ns / NS_PER_S);
      }
      histogram.reset();
    },
    stop() {
      noteClosed(histogram);
      histogram.disable();
    },
  };
  // Its timer goes on as long as it is enabled.
  closeWhenGone(probe, disable, histogram, histogram);
  return probe;
};

/** Time from one reading until the event loop gets to what was handed to it there. It is known at the next reading. */
export const startImmediateDelay: StartProbe = ({ thread }) => {
  let last: number | undefined;
  const measure = (): void => {
    const began = now();
    setImmediate(() => (last = now() - began)).unref();
  };
  measure();
  return {
    read() {
      if (last !== undefined) thread.gauge('nodejs.eventloop.lag.seconds', last / MS_PER_S);
      measure();
    },
  };
};

/** Share of the time since the last reading in which the event loop was at work, from 0 to 1. */
export const startLoopUtilization: StartProbe = ({ thread }) => {
  let before = eventLoopUtilization();
  return {
    read() {
      const at = eventLoopUtilization();
      const { utilization, active, idle } = eventLoopUtilization(at, before);
      // Bun and Deno always say 0, and Node.js does until its loop has begun.
      if (!(active + idle > 0)) return;
      before = at;
      thread.gauge('nodejs.eventloop.utilization', utilization);
    },
  };
};
