/** A trace, and the span of it that was active. */
export interface Trace {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
}

/** The parts of OpenTelemetry's API that are asked. */
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

/** Where every copy of OpenTelemetry's API, version 1, has what an SDK has registered. So nothing has to be loaded. */
const API = Symbol.for('opentelemetry.js.api.1');
/** Under which a context has its span. */
const SPAN = Symbol.for('OpenTelemetry Context Key SPAN');
/** The flag of a trace that is stored. */
const SAMPLED = 1;
const TRACE_ID = /^[0-9a-f]{32}$/;
const SPAN_ID = /^[0-9a-f]{16}$/;

let held: Trace | undefined;

/**
 * The trace of OpenTelemetry's active span, if there is one that is stored: of others the identifier leads nowhere. Never throws.
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
    return undefined; // whatever stands in the place of the API
  }
}

/**
 * Has a trace be the active one while something is recorded: for what is recorded when its span isn't active any more.
 *
 * @param trace - As `activeTrace` gave it before; undefined changes nothing.
 * @param recordIt - Is called at once.
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
