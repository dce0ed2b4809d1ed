import { context, trace } from '@opentelemetry/api';
import { NodeTracerProvider, type Sampler, AlwaysOnSampler } from '@opentelemetry/sdk-trace-node';

/** A tracer of OpenTelemetry's SDK, with its context of AsyncLocalStorage. */
export interface Spans {
  /** Calls `fn` while a new span is active, and returns the identifier of its trace. */
  readonly during: (fn: () => void) => string;
  /** The same of a promise. The span ends with it. */
  readonly duringAsync: (fn: () => Promise<void>) => Promise<string>;
}

/** To be called in a `describe`: OpenTelemetry is registered for its tests, and no longer. */
export function useSpans(sampler: Sampler = new AlwaysOnSampler()): Spans {
  let provider: NodeTracerProvider;
  before(() => {
    provider = new NodeTracerProvider({ sampler });
    provider.register();
  });
  after(async () => {
    trace.disable();
    context.disable();
    await provider.shutdown();
  });
  return {
    during: (fn) =>
      trace.getTracer('test').startActiveSpan('work', (span) => {
        fn();
        span.end();
        return span.spanContext().traceId;
      }),
    duringAsync: (fn) =>
      trace.getTracer('test').startActiveSpan('work', async (span) => {
        await fn();
        span.end();
        return span.spanContext().traceId;
      }),
  };
}
