import type { StatsdClient, Tags } from '@afstatsd/core';
import { describe, ignoreRejection } from '@afstatsd/core/instrument';
import type { CallHandler, ExecutionContext } from '@nestjs/common';
import { Observable } from 'rxjs';

/** The tags of a call, by the app's function. What it throws is said once. */
export function tagsOf(
  statsd: StatsdClient,
  requestTags: (context: ExecutionContext) => Tags,
  context: ExecutionContext,
): Tags | undefined {
  try {
    const tags: Tags | undefined = requestTags(context);
    ignoreRejection(tags); // of an async function, which gives no tags
    return tags;
  } catch (error) {
    statsd.warnOnce(
      'nestjs requestTags',
      () => `the requestTags function of AfstatsdModule threw ${describe(String(error))}`,
    );
    return undefined;
  }
}

/**
 * Runs a handler with tags for all that is recorded in it.
 *
 * @param next - runs the handler, once it is subscribed to.
 */
export function handleWithTags(statsd: StatsdClient, tags: Tags, next: CallHandler): Observable<unknown> {
  return new Observable((subscriber) =>
    statsd.withRequestTags(tags, () => next.handle().subscribe(subscriber)),
  );
}
