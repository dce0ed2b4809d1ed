import { type Checks, readOptions } from '../check/options.js';
import { CHECKS, oneOf } from '../check/rules.js';
import { describe } from '../text/describe.js';
import { type Identity, identify } from '../text/identity.js';
import { MAX_NAME_BYTES, cleanName, nameProblem } from '../text/name.js';
import type { Tag } from '../text/tags.js';
import type { Described, Rule } from './rule.js';

/** The value of a tag that has too many values. */
const OTHER = 'other';

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const TEXT = { must: 'be a text that is not empty', accepts: isText };
const KEYS = {
  must: 'be a list of keys',
  accepts: (value: unknown): boolean => Array.isArray(value) && value.every(isText),
};

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const CHECKED: Checks<Rule> = {
  match: TEXT,
  unless: {
    must: 'be a list of names',
    accepts: (value) => Array.isArray(value) && value.every(isText),
  },
  kind: oneOf(['counter', 'gauge', 'timer', 'set', 'histogram']),
  deny: CHECKS.boolean,
  rename: { must: 'be a name', accepts: (value) => nameProblem(value) === undefined },
  renameTags: {
    must: 'be an object of keys of tags, by keys of tags',
    accepts: (value) => isObject(value) && Object.entries(value).flat().every(isText),
  },
  drop: KEYS,
  keep: KEYS,
  limit: {
    must: 'be an object of whole numbers from 0, by keys of tags',
    accepts: (value) =>
      isObject(value) &&
      Object.values(value).every((most) => Number.isInteger(most) && (most as number) >= 0),
  },
  buckets: {
    must: 'be finite numbers in rising order, at least one',
    accepts: (value) =>
      Array.isArray(value) &&
      value.length > 0 &&
      value.every((bound, at) => Number.isFinite(bound) && (at === 0 || bound > value[at - 1])),
  },
  unit: {
    must: 'be letters and underscores',
    accepts: (value) => isText(value) && /^[a-z_]+$/i.test(value as string),
  },
  help: TEXT,
  prometheus: TEXT,
  otlp: TEXT,
};

/** A compiled rule. */
interface Compiled extends Rule {
  /** The characters that the stars of `match` stand for. Undefined for a name that the rule doesn't match. */
  readonly starsOf: (name: string) => readonly string[] | undefined;
  /** Whether the rule changes metrics. Otherwise it only describes them. */
  readonly isChange: boolean;
  /** Its description, for programs that pass metrics on. */
  readonly described: Described;
  /** The values so far of each limited tag. */
  readonly values: ReadonlyMap<string, Set<string>>;
}

/** Rules in their order, compiled once. They are applied once to each series, when it is first seen. */
export class Rules {
  readonly #rules: readonly Compiled[];

  /**
   * Checks rules.
   *
   * @param rules - A list of anything.
   * @throws TypeError that names the rule, the option and the value, for a rule that can't be used.
   */
  static check(rules: readonly Rule[]): void {
    rules.forEach(compiled);
  }

  /**
   * Compiles rules.
   *
   * @param rules - The rules, in the order in which they are applied.
   * @throws TypeError that names the rule, the option and the value, for a rule that can't be used.
   */
  constructor(rules: readonly Rule[]) {
    this.#rules = rules.map(compiled);
  }

  /** Whether any rule changes metrics. */
  get haveChanges(): boolean {
    return this.#rules.some(({ isChange }) => isChange);
  }

  /**
   * The identity of a metric after the rules. Undefined if a rule denies the metric.
   *
   * @param kind - The kind of metric.
   * @param identity - The identity as it was recorded.
   */
  apply(kind: string, identity: Identity): Identity | undefined {
    let { name, tags } = identity;
    let isOther = false;
    for (const rule of this.#rules) {
      if (!rule.isChange || (rule.kind !== undefined && rule.kind !== kind)) continue;
      const stars = rule.starsOf(name);
      if (stars === undefined) continue;
      if (rule.deny === true) return undefined;
      isOther = true;
      tags = limited(kept(withNewKeys(tags, rule), rule), rule);
      if (rule.rename !== undefined) name = renamed(name, rule.rename, stars);
    }
    if (!isOther) return identity;
    const ruled = identify(name, tags);
    return ruled.key === identity.key || Buffer.byteLength(ruled.key) > MAX_NAME_BYTES ? identity : ruled;
  }

  /**
   * Returns the description of a metric. A later rule wins over an earlier one.
   *
   * @param kind - The kind of metric or series.
   * @param name - The name after all rules.
   */
  describe(kind: string, name: string): Described {
    const described: Described = {};
    for (const rule of this.#rules) {
      if (rule.kind !== undefined && rule.kind !== kind) continue;
      if (rule.starsOf(name) === undefined) continue;
      Object.assign(described, rule.described);
    }
    return described;
  }
}

function compiled(rule: Rule, at: number): Compiled {
  const where = `rules[${at}]: `;
  const read = readOptions<Rule>(rule, CHECKED, where) as Rule;
  if (read.match === undefined) throw new TypeError(`${where}option match is missing in ${describe(rule)}`);
  const { deny, rename, renameTags, drop, keep, limit } = read;
  return {
    ...read,
    starsOf: matcherOf(read),
    described: describedIn(read),
    isChange: [deny, rename, renameTags, drop, keep, limit].some((one) => one !== undefined && one !== false),
    values: new Map(Object.keys(limit ?? {}).map((key) => [key, new Set<string>()])),
  };
}

function describedIn({ buckets, unit, help, prometheus, otlp }: Rule): Described {
  return {
    ...(buckets && { buckets }),
    ...(unit !== undefined && { unit }),
    ...(help !== undefined && { help }),
    ...(prometheus !== undefined && { prometheus }),
    ...(otlp !== undefined && { otlp }),
  };
}

const NO_STARS: readonly string[] = [];

function matcherOf({ match, unless }: Rule): Compiled['starsOf'] {
  const starsOf = matcher(match);
  if (unless === undefined) return starsOf;
  const others = unless.map(matcher);
  return (name) => (others.some((one) => one(name) !== undefined) ? undefined : starsOf(name));
}

function matcher(match: string): Compiled['starsOf'] {
  if (!match.includes('*')) return (name) => (name === match ? NO_STARS : undefined);
  const source = match
    .split('*')
    .map((text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
    .join('(.*?)');
  const pattern = new RegExp(`^${source}$`, 's');
  return (name) => pattern.exec(name)?.slice(1);
}

function renamed(name: string, template: string, stars: readonly string[]): string {
  const filled = template.replaceAll(/\$(\d)/g, (_, digit: string) => stars[Number(digit) - 1] ?? '');
  return nameProblem(filled) === undefined ? cleanName(filled) : name;
}

/** The tags with new keys, sorted by key, as if a call had passed them so. */
function withNewKeys(tags: readonly Tag[], { renameTags }: Rule): readonly Tag[] {
  if (renameTags === undefined) return tags;
  const keyOf = (key: string): string => (Object.hasOwn(renameTags, key) ? renameTags[key]! : key);
  const stays = new Map(tags.filter(([key]) => keyOf(key) === key));
  for (const [key, value] of tags) if (!stays.has(keyOf(key))) stays.set(keyOf(key), value);
  if (tags.every(([key]) => keyOf(key) === key)) return tags;
  return [...stays].sort(([a], [b]) => (a < b ? -1 : 1));
}

function kept(tags: readonly Tag[], { drop, keep }: Rule): readonly Tag[] {
  if (drop === undefined && keep === undefined) return tags;
  return tags.filter(([key]) => drop?.includes(key) !== true && keep?.includes(key) !== false);
}

function limited(tags: readonly Tag[], { limit = {}, values }: Compiled): readonly Tag[] {
  if (values.size === 0) return tags;
  return tags.map(([key, value]): Tag => {
    const known = values.get(key);
    if (known === undefined || known.has(value)) return [key, value];
    if (known.size >= limit[key]!) return [key, OTHER];
    known.add(value);
    return [key, value];
  });
}
