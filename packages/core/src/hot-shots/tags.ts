import type { Tag } from '../text/tags.js';
import type { Tags } from './options.js';

// What would end a tag or a line. A colon ends a key only.
const IN_KEYS = /[:|@,#\n\r]/g;
const IN_VALUES = /[|@,#\n\r]/g;
const IN_TELEGRAF_KEYS = /[:|,\n\r]/g;
const IN_TELEGRAF_VALUES = /[|,\n\r]/g;

/** Tags in the order in which they are given. A key may come several times; a tag without a value has an empty one. */
export function readTags(tags: Tags | null | undefined, telegraf: boolean): Tag[] {
  if (typeof tags !== 'object' || tags === null) return [];
  if (!Array.isArray(tags)) {
    return Object.entries(tags).map(([key, value]) => written(key, String(value), telegraf));
  }
  return tags.map((tag: unknown) => {
    const text = String(tag);
    // Telegraf's own way to write a tag passes, too.
    const colon = telegraf && !text.includes(':') ? text.indexOf('=') : text.indexOf(':');
    return colon > 0
      ? written(text.slice(0, colon), text.slice(colon + 1), telegraf)
      : written(text, '', telegraf);
  });
}

function written(key: string, value: string, telegraf: boolean): Tag {
  return [
    key.replace(telegraf ? IN_TELEGRAF_KEYS : IN_KEYS, '_'),
    value.replace(telegraf ? IN_TELEGRAF_VALUES : IN_VALUES, '_'),
  ];
}

/** The tags of a parent without those whose keys come again, and then the others: first those with values. */
export function overrideTags(parent: readonly Tag[], own: readonly Tag[]): readonly Tag[] {
  if (own.length === 0) return parent;
  const byKey = new Map<string, Tag[]>();
  const bare: Tag[] = [];
  for (const tag of own) {
    const [key, value] = tag;
    if (value === '') bare.push(tag);
    else if (byKey.has(key)) byKey.get(key)!.push(tag);
    else byKey.set(key, [tag]);
  }
  const kept = parent.filter(([key, value]) => value === '' || !byKey.has(key));
  return [...kept, ...[...byKey.values()].flat(), ...bare];
}

/** The tag of each variable of Datadog's. */
const VARIABLES = {
  DD_ENTITY_ID: 'dd.internal.entity_id',
  DD_ENV: 'env',
  DD_SERVICE: 'service',
  DD_VERSION: 'version',
} as const;

/** The tags that the environment asks for: those of `DD_TAGS` can be overridden by those of a variable each. */
export function datadogTags(env: NodeJS.ProcessEnv, telegraf: boolean): readonly Tag[] {
  const all = env['DD_TAGS'] || env['DATADOG_TAGS'] || '';
  const listed = all.split(all.includes(',') ? ',' : /\s+/).map((tag) => tag.trim());
  return overrideTags(
    readTags(
      listed.filter((tag) => tag !== ''),
      telegraf,
    ),
    singleTags(env, telegraf),
  );
}

/** The tags of the variables that stand for one each. They win over those of children, too. */
export function singleTags(env: NodeJS.ProcessEnv, telegraf: boolean): readonly Tag[] {
  return Object.entries(VARIABLES).flatMap(([variable, key]) => {
    const value = env[variable];
    return value === undefined || value === '' ? [] : [written(key, value, telegraf)];
  });
}
