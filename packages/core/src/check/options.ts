import { describe } from '../text/describe.js';

/** The rule of one option. */
export interface Check<T = unknown> {
  /** The rule in words, as they follow "must" in an error: `be true or false`. */
  readonly must: string;
  /** Whether a value keeps the rule. */
  readonly accepts: (value: unknown) => boolean;
  /** Makes the setting of an accepted value. Default: the value itself. May throw an error that says why it can't. */
  readonly read?: (value: never) => T;
}

/** A rule for each option that there is. */
export type Checks<S> = { readonly [K in keyof Required<S>]: Check };

/**
 * Reads options by their rules. An option that is undefined counts as not given.
 *
 * @param where - Stands before each error: the place where the options were given. Default: nothing.
 * @returns The options that were given, each as its rule reads it.
 * @throws TypeError that names the option, its rule and its value.
 * @example
 * ```js
 * const { CHECKS, readOptions } = require('@afstatsd/core/instrument');
 * console.log(readOptions({ bytes: true }, { bytes: CHECKS.boolean })); // { bytes: true }
 * ```
 */
export function readOptions<S extends object>(options: unknown, checks: Checks<S>, where = ''): Partial<S> {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`${where}options must be an object; they are ${describe(options)}`);
  }
  const settings: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options) as [string, unknown][]) {
    if (!Object.hasOwn(checks, name)) {
      const known = Object.keys(checks).join(', ');
      throw new TypeError(
        `${where}unknown option ${describe(name)} (${describe(value)}); there are ${known}`,
      );
    }
    if (value === undefined) continue;
    const { must, accepts, read } = checks[name as keyof S];
    if (!accepts(value)) throw new TypeError(`${where}option ${name} must ${must}; it is ${describe(value)}`);
    settings[name] = read === undefined ? value : readAs(read, value, `${where}option ${name}`);
  }
  return settings as Partial<S>;
}

function readAs(read: (value: never) => unknown, value: unknown, option: string): unknown {
  try {
    return read(value as never);
  } catch (error) {
    throw new TypeError(`${option} can't be ${describe(value)}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
