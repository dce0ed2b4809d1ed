import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import type { Observable } from 'rxjs';
import { fieldOf, kindOf, labelOf } from './labels.js';
import { handleWithTags, tagsOf } from './request-tags.js';
import { Recording } from './recording.js';
import type { HandlerTimers } from './timers.js';

/** The contexts of calls that are being timed. A call is timed once, because all its interceptors get the same context. */
const timed = new WeakSet<ExecutionContext>();

/**
 * Times the handlers of microservices, gateways and resolvers. {@link AfstatsdModule} installs it for the whole application. Add
 * `@UseInterceptors(AfstatsdInterceptor)` where a global interceptor doesn't reach. Each call is timed once, also with both.
 *
 * HTTP requests are recorded by the middleware that the module installs.
 */
@Injectable()
export class AfstatsdInterceptor implements NestInterceptor {
  readonly #recording: Recording;
  /** Timers by handler. The key of a resolver is its field, because one function may serve several fields. */
  readonly #timers = new Map<unknown, HandlerTimers>();

  /**
   * Called by Nest.
   *
   * @param recording - the recording of the module.
   */
  constructor(@Inject(Recording) recording: Recording) {
    this.#recording = recording;
  }

  /**
   * Called by Nest. Results and errors of the handler pass through unchanged.
   *
   * @param context - of the call.
   * @param next - runs the handler.
   */
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { timing, http, settings, statsd } = this.#recording;
    if (context.getType() === 'http') http?.handled(context);
    const timers = timing?.guard(() => this.#timersOf(context));
    const { requestTags } = settings;
    const tags = requestTags && timing && tagsOf(statsd, requestTags, context);
    const handle = (): Observable<unknown> =>
      tags === undefined ? next.handle() : handleWithTags(statsd, tags, next);
    if (timers === undefined || timing === undefined) return handle();
    timed.add(context);
    return timing.handle(timers, handle, () => timed.delete(context));
  }

  #timersOf(context: ExecutionContext): HandlerTimers | undefined {
    const { settings, timing } = this.#recording;
    const kind = kindOf(context);
    if (kind === undefined || !settings.handlers[kind] || timed.has(context)) return undefined;
    const key = (kind === 'graphql' ? fieldOf(context) : undefined) ?? context.getHandler();
    let timers = this.#timers.get(key);
    if (timers === undefined) {
      const { name, tags } = labelOf(kind, context);
      timers = timing!.timers(name, tags);
      this.#timers.set(key, timers);
    }
    return timers;
  }
}
