/** The ids of a trace and of its active span. */
export interface Trace {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
}

/** The parts of OpenTelemetry's API that are used. */
interface Context {
  readonly getValue?: (key: symbol) => { readonly spanContext?: () => SpanContext } | undefined;
}
interface SpanContext {
  readonly traceId?: unknown;
  readonly spanId?: unknown;
  readonly traceFlags?: unknown;
}
interface Api {
  readonly context?: { readonly active?: () => Context | undefined };
}

/** The global under which OpenTelemetry's API, version 1, keeps a registered SDK. So the API needn't be loaded. */
const API = Symbol.for('opentelemetry.js.api.1');
/** The key of a context's span. */
const SPAN = Symbol.for('OpenTelemetry Context Key SPAN');
/** The flag of a sampled trace, which is stored. */
const SAMPLED = 1;
const TRACE_ID = /^[0-9a-f]{32}$/;
const SPAN_ID = /^[0-9a-f]{16}$/;

let held: Trace | undefined;

/**
 * The trace of OpenTelemetry's active span, if it is stored. The id of a trace that isn't stored would lead nowhere. Never throws.
 */
export function activeTrace(): Trace | undefined {
  if (held !== undefined) return held;
  try {
    const api = (globalThis as unknown as Record<symbol, Api | undefined>)[API];
    const span = api?.context?.active?.()?.getValue?.(SPAN);
    const { traceId, spanId, traceFlags } = span?.spanContext?.() ?? {};
    if (typeof traceFlags !== 'number' || (traceFlags & SAMPLED) === 0) return undefined;
    if (typeof traceId !== 'string' || typeof spanId !== 'string') return undefined;
    return TRACE_ID.test(traceId) && SPAN_ID.test(spanId) ? { traceId, spanId } : undefined;
  } catch {
    return undefined; // the global may be anything
  }
}

/**
 * Makes a trace the active one while `recordIt` runs, because its span may be over by then.
 *
 * @param trace - A trace that `activeTrace` returned before. Undefined changes nothing.
 * @param recordIt - Called at once.
 */
export function withTrace(trace: Trace | undefined, recordIt: () => void): void {
  const before = held;
  held = trace;
  try {
    recordIt();
  } finally {
    held = before;
  }
}
