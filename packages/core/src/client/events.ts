import type { Intake } from '../record/intake.js';
import { describe } from '../text/describe.js';
import { BadTag, type Tag, type Tags, canonicalTags, isTagsObject, withMoreTags } from '../text/tags.js';
import {
  type EventFields,
  type EventTime,
  type ServiceCheckFields,
  eventLine,
  serviceCheckLine,
} from '../wire/event.js';
import type { Naming } from '../wire/format.js';

export type { EventTime };

/** How an event is sent. */
export interface EventOptions extends EventFields {
  /** `normal` or `low`. Default: `normal`, which is the Agent's default. */
  readonly priority?: 'normal' | 'low' | undefined;
  /** The kind of event. Default: `info`, which is the Agent's default. */
  readonly alertType?: 'info' | 'warning' | 'error' | 'success' | undefined;
  /** Tags of the event. The client's tags are added. Default: none. */
  readonly tags?: Tags | undefined;
}

/** How a service check is sent. */
export interface ServiceCheckOptions extends ServiceCheckFields {
  /** Tags of the check. The client's tags are added. Default: none. */
  readonly tags?: Tags | undefined;
}

/** The states of a service, and the numbers that stand for them. */
export const SERVICE_STATES = { ok: 0, warning: 1, critical: 2, unknown: 3 } as const;

/** The state of a service. */
export type ServiceState = keyof typeof SERVICE_STATES;

/** The tags that a scope adds, and the intake that counts refusals. */
interface Within {
  readonly intake: Intake;
  readonly tags: readonly Tag[];
  readonly naming: Naming;
}

/** Writes an event as a line. Undefined if it was refused. */
export function readEvent(
  title: unknown,
  text: unknown,
  options: unknown,
  within: Within,
): string | undefined {
  const { intake } = within;
  try {
    if (typeof title !== 'string' || title === '' || (text !== undefined && typeof text !== 'string')) {
      const wrong = typeof title === 'string' && title !== '' ? text : title;
      intake.refuse('event', () => `an event has a title and a text, not ${describe(wrong)}`);
      return undefined;
    }
    const { tags, ...fields } = { ...(options as EventOptions) };
    const own = readTags(tags, within);
    return own && eventLine(title, text ?? title, fields, own, within.naming);
  } catch (error) {
    refuse(intake, error);
    return undefined;
  }
}

/** Writes a service check as a line. Undefined if it was refused. */
export function readServiceCheck(
  name: unknown,
  state: unknown,
  options: unknown,
  within: Within,
): string | undefined {
  const { intake } = within;
  try {
    if (typeof name !== 'string' || name === '' || !Object.hasOwn(SERVICE_STATES, String(state))) {
      intake.refuse(
        'service check',
        () =>
          `a service check has a name and one of ${Object.keys(SERVICE_STATES).join(', ')}, not ${describe(name)} and ${describe(state)}`,
      );
      return undefined;
    }
    const { tags, ...fields } = { ...(options as ServiceCheckOptions) };
    const own = readTags(tags, within);
    return own && serviceCheckLine(name, SERVICE_STATES[state as ServiceState], fields, own, within.naming);
  } catch (error) {
    refuse(intake, error);
    return undefined;
  }
}

function readTags(tags: unknown, { intake, tags: more }: Within): readonly Tag[] | undefined {
  if (tags === undefined) return more;
  if (isTagsObject(tags)) return withMoreTags(canonicalTags(tags), more);
  intake.refuse('tags', () => `tags are an object, not ${describe(tags)} (of an event)`);
  return undefined;
}

function refuse(intake: Intake, error: unknown): void {
  if (error instanceof BadTag) intake.refuse('tags', () => error.message);
  else intake.refuseThrown(error);
}
