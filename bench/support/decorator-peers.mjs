// What decorators.mjs compares ours with: nestjs-otel's decorators, some made by hand with prom-client, and
// the function wrappers of hot-shots. The latter two have no decorators.
import dgram from 'node:dgram';
import { once } from 'node:events';
import { metrics } from '@opentelemetry/api';
import {
  AggregationTemporality,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { StatsD } from 'hot-shots';
import prometheus from 'prom-client';
import { decorateLegacy } from './decorate.mjs';
import { add, call, callAsync, carts, cartsOfEightClasses, save } from './decorator-subjects.mjs';

/**
 * Eight carts with a decorated method. Eight other classes use the same decorator, each with its own metric.
 * With one use in the whole program, V8 would make one piece of it and the method, which it can't in an app.
 *
 * @param decoratorFor - makes the decorator, from a metric's name.
 */
function decorated(key, decoratorFor) {
  const others = cartsOfEightClasses((Cart, at) =>
    decorateLegacy(Cart.prototype, key, decoratorFor(`${key}${at}`)),
  );
  for (let i = 0; i < 3000; i++) for (const other of others) void other[key](1);
  return carts((Cart) => decorateLegacy(Cart.prototype, key, decoratorFor(key)));
}

/** A provider that records, which it does only with a reader, and whose export costs nothing. */
function useMeterProvider() {
  const exporter = {
    export: (_, done) => done({ code: 0 }),
    selectAggregationTemporality: () => AggregationTemporality.CUMULATIVE,
    forceFlush: async () => {},
    shutdown: async () => {},
  };
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 20_000 });
  const provider = new MeterProvider({ readers: [reader] });
  metrics.setGlobalMeterProvider(provider);
  return provider;
}

/** nestjs-otel times with spans only. Without a TracerProvider they record nothing, and cost the least. */
async function nestOtel() {
  let OtelMethodCounter;
  let Span;
  try {
    ({ OtelMethodCounter, Span } = await import('nestjs-otel'));
  } catch (error) {
    return { cases: [], notes: [`left out: nestjs-otel, which doesn't load here: ${error.message}`] };
  }
  const provider = useMeterProvider();
  const cases = [
    {
      id: 'otelCounter',
      label: 'nestjs-otel @OtelMethodCounter',
      bare: 'bare',
      run: add(decorated('add', (name) => OtelMethodCounter({ name }))),
    },
    {
      id: 'otelCounterAsync',
      label: 'nestjs-otel @OtelMethodCounter, async',
      bare: 'bareAsync',
      run: save(decorated('save', (name) => OtelMethodCounter({ name }))),
    },
    {
      id: 'otelSpan',
      label: 'nestjs-otel @Span that records nothing',
      bare: 'bare',
      run: add(decorated('add', (name) => Span(name))),
    },
    {
      id: 'otelSpanAsync',
      label: 'nestjs-otel @Span that records nothing, async',
      bare: 'bareAsync',
      run: save(decorated('save', (name) => Span(name))),
    },
  ];
  return { cases, notes: [], close: () => provider.shutdown() };
}

/** As an app would write it: prom-client has no decorators. */
function observed(histogram) {
  return (_target, _key, descriptor) => {
    const fn = descriptor.value;
    descriptor.value = function (...args) {
      const end = histogram.startTimer();
      try {
        return fn.apply(this, args);
      } finally {
        end();
      }
    };
  };
}

function observedAsync(histogram) {
  return (_target, _key, descriptor) => {
    const fn = descriptor.value;
    descriptor.value = async function (...args) {
      const end = histogram.startTimer();
      try {
        return await fn.apply(this, args);
      } finally {
        end();
      }
    };
  };
}

function counted(counter) {
  return (_target, _key, descriptor) => {
    const fn = descriptor.value;
    descriptor.value = function (...args) {
      counter.inc();
      return fn.apply(this, args);
    };
  };
}

function prometheusCases() {
  const histogram = (name) => new prometheus.Histogram({ name, help: name, registers: [] });
  const counter = (name) => new prometheus.Counter({ name, help: name, registers: [] });
  return [
    {
      id: 'promTimed',
      label: 'prom-client histogram in a decorator',
      bare: 'bare',
      run: add(decorated('add', (name) => observed(histogram(name)))),
    },
    {
      id: 'promTimedAsync',
      label: 'prom-client histogram in a decorator, async',
      bare: 'bareAsync',
      run: save(decorated('save', (name) => observedAsync(histogram(name)))),
    },
    {
      id: 'promCounted',
      label: 'prom-client counter in a decorator',
      bare: 'bare',
      run: add(decorated('add', (name) => counted(counter(name)))),
    },
  ];
}

/** Over UDP to a socket of this program, in datagrams of 1432 bytes: its cheapest way to send a timing. */
async function hotShots() {
  const sink = dgram.createSocket('udp4').bind(0, '127.0.0.1');
  await once(sink, 'listening');
  const { port } = sink.address();
  const statsd = new StatsD({ host: '127.0.0.1', port, maxBufferSize: 1432, errorHandler: () => {} });
  return {
    cases: [
      {
        id: 'hotShotsTimer',
        label: 'hot-shots timer(fn)',
        bare: 'bare',
        run: call(carts().map((cart) => statsd.timer((quantity) => cart.add(quantity), 'cart.add'))),
      },
      {
        id: 'hotShotsAsyncTimer',
        label: 'hot-shots asyncTimer(fn)',
        bare: 'bareAsync',
        run: callAsync(
          carts().map((cart) => statsd.asyncTimer((quantity) => cart.save(quantity), 'cart.save')),
        ),
      },
    ],
    close: () => {
      statsd.close();
      sink.close();
    },
  };
}

/** @returns the cases, notes on those left out, and a function that lets go of sockets and timers. */
export async function decoratorPeers() {
  const otel = await nestOtel();
  const statsd = await hotShots();
  return {
    cases: [...otel.cases, ...prometheusCases(), ...statsd.cases],
    notes: otel.notes,
    close: async () => {
      statsd.close();
      await otel.close?.();
    },
  };
}
