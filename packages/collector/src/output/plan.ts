import { expiryTimes } from '@afstatsd/prometheus/parts';
import type { CollectorOptions } from '../config/options.js';
import { type CollectorStatus, LivePage, type LivePageOptions } from '../live/live-page.js';
import type { Log } from '../log.js';
import { planStores } from '../store/plan.js';
import { ConsoleOutput } from './console/console.js';
import { ForwardOutput } from './forward/forward.js';
import { OtlpOutput } from './otlp/otlp.js';
import type { Output } from './output.js';
import { PrometheusOutput } from './prometheus/prometheus.js';
import type { Screen } from './console/screen.js';

/** The parts of the program that outputs use. */
export interface Surroundings {
  readonly log: Log;
  readonly write: (text: string) => void;
  /** Whether earlier text still waits for its reader. */
  readonly busy: () => boolean;
  /** The terminal that `write` writes to. Undefined if it isn't a terminal. */
  readonly screen: Screen | undefined;
  /** Lines that the console shows above its table. */
  readonly header: () => readonly string[];
  /** The collector's own health. */
  readonly status: () => CollectorStatus;
  /** The clients that report themselves. */
  readonly clients: () => ReturnType<LivePageOptions['clients']>;
  /** The inputs, for people. */
  readonly inputs: () => string;
}

/** An output to be made. Plans with the same key make the same output. */
export interface OutputPlan {
  readonly key: string;
  readonly make: () => Output;
}

/** The outputs that the options ask for. */
export function planOutputs(options: CollectorOptions, surroundings: Surroundings): OutputPlan[] {
  const { interval, maxMetrics, json, consoleInterval = interval, forwardInterval = interval } = options;
  const expire = expiryTimes(options.expire);
  const { log, status, clients } = surroundings;
  const plans: OutputPlan[] = [];
  const plan = <O extends object>(kind: string, own: O, make: (own: O) => Output): void =>
    void plans.push({ key: `${kind} ${JSON.stringify(own)}`, make: () => make(own) });

  if (options.console) {
    plan('console', { json, interval: consoleInterval, maxMetrics }, (own) => {
      return new ConsoleOutput({ ...own, ...surroundings });
    });
  }
  for (const url of options.forward) {
    plan(
      'forward',
      { url, interval: forwardInterval, maxMetrics },
      (own) => new ForwardOutput({ ...own, log }),
    );
  }
  const { prometheus, allowHost: allowHosts, buckets: bounds, rules } = options;
  if (prometheus !== false) {
    plan(
      'prometheus',
      { ...prometheus, allowHosts, bounds, maxMetrics, expire, rules },
      (own) => new PrometheusOutput({ ...own, logger: log }),
    );
  }
  const { page, pageMetrics, pagePoints: points } = options;
  if (page !== undefined && page !== false) {
    plan(
      'page',
      { ...page, allowHosts, maxMetrics: pageMetrics, points },
      (own) => new LivePage({ ...own, log, status, clients }),
    );
  }
  if (options.otlp !== undefined) {
    const {
      otlp: url,
      otlpInterval = interval,
      otlpTemporality: temporality,
      otlpProtocol: protocol,
    } = options;
    plan(
      'otlp',
      { url, interval: otlpInterval, temporality, protocol, bounds, maxMetrics, expire, rules },
      (own) => {
        return new OtlpOutput({ ...own, logger: log });
      },
    );
  }
  for (const { kind, own, make } of planStores(options, log)) plan(kind, own, () => make());
  return plans;
}
