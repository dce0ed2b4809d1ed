import type { Tag } from '../text/tags.js';
import { eventLine, serviceCheckLine, withCardinality } from '../wire/event.js';
import type { Naming } from '../wire/format.js';
import type { CheckOptions, EventOptions } from './options.js';

/** The line of an event, of hot-shots' options. */
export function eventOf(
  name: string,
  text: unknown,
  options: EventOptions | null | undefined,
  tags: readonly Tag[],
  naming: Naming,
): string {
  const fields = {
    date: options?.date_happened,
    hostname: options?.hostname,
    aggregationKey: options?.aggregation_key,
    priority: options?.priority,
    sourceType: options?.source_type_name,
    alertType: options?.alert_type,
  };
  return withCardinality(eventLine(name, String(text), fields, tags, naming), options?.cardinality);
}

/** The line of a service check, of hot-shots' options. */
export function checkOf(
  name: string,
  status: number,
  options: CheckOptions | null | undefined,
  tags: readonly Tag[],
  naming: Naming,
): string {
  const fields = { date: options?.date_happened, hostname: options?.hostname, message: options?.message };
  return withCardinality(serviceCheckLine(name, status, fields, tags, naming), options?.cardinality);
}
