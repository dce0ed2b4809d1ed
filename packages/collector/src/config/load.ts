import { readFileSync } from 'node:fs';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { BOOLEAN_TEXTS, parseBoolean } from '@afstatsd/core/instrument';
import { ConfigError } from './config-error.js';
import { misspeltVariables, suggestion } from './misspelt.js';
import { HEADER_VARIABLES, checkHeaders } from './headers.js';
import { OPTIONS, type OptionSpec, flagName, variableName } from './option-specs.js';
import type { CollectorOptions } from './options.js';

export { ConfigError };

/** The action that the command line asks for, and its configuration. */
export interface Command {
  readonly action: 'run' | 'help' | 'version' | 'check';
  readonly options: CollectorOptions;
  /** The source of each option that was given: its flag, its variable, or the file. */
  readonly sources: Readonly<Record<string, string>>;
  /** The configuration file, if there is one. */
  readonly file: string | undefined;
  /** Probable mistakes, a line each. The configuration can be used in spite of them. */
  readonly warnings: readonly string[];
}

type Given = Record<string, unknown>;

/** Default interval of `--forward`, in ms. It is short, so that each 10 s flush of a StatsD server has about ten sends in it. */
const FORWARD_MS = 1_000;

const CONFIG_VARIABLE = 'AFSTATSD_COLLECTOR_CONFIG';
const VARIABLES = [
  ...Object.keys(OPTIONS).map(variableName),
  ...Object.values(HEADER_VARIABLES),
  CONFIG_VARIABLE,
];

const SPECS = Object.entries(OPTIONS) as [keyof CollectorOptions, OptionSpec<unknown>][];

/**
 * Reads the configuration: flags come before variables of the environment, these before the file that `--config` (or
 * `AFSTATSD_COLLECTOR_CONFIG`) names, and that before the defaults.
 *
 * @param args - the command line, from the first flag.
 * @param env - the environment.
 * @throws ConfigError for an unknown option, or a value that can't be used.
 */
export function loadConfig(args: readonly string[], env: NodeJS.ProcessEnv): Command {
  const { values, positionals } = parseFlags(args);
  if (positionals.length > 0)
    throw new ConfigError(`there are no arguments but options: ${JSON.stringify(positionals[0])}`);
  const defaults = Object.fromEntries(SPECS.map(([name, spec]) => [name, spec.default]));
  const wanted = values['help']
    ? 'help'
    : values['version']
      ? 'version'
      : values['check-config']
        ? 'check'
        : 'run';
  if (wanted === 'help' || wanted === 'version')
    return {
      action: wanted,
      options: defaults as unknown as CollectorOptions,
      sources: {},
      file: undefined,
      warnings: [],
    };
  const file = ((values['config'] as string | undefined) ?? env[CONFIG_VARIABLE]) || undefined;
  const layers: [given: Given, sourceOf: (option: string) => string][] = [
    [file === undefined ? {} : fromFile(file), () => String(file)],
    [fromEnvironment(env), variableName],
    [fromFlags(values), (option) => `--${flagName(option)}`],
  ];
  const given: Given = Object.assign({}, ...layers.map(([layer]) => layer));
  const sources = Object.fromEntries(
    layers.flatMap(([layer, sourceOf]) => Object.keys(layer).map((option) => [option, sourceOf(option)])),
  ) as Record<string, string>;
  const options = {
    ...defaults,
    forwardInterval: given['interval'] ?? FORWARD_MS,
    ...given,
  } as unknown as CollectorOptions;
  const { queue, udp, tcp, unix } = options;
  if (queue === false && [udp, tcp, unix].every((list) => list.length === 0))
    throw new ConfigError('nothing could come in: queue and udp are both off');
  checkHeaders(options, env);
  return {
    action: wanted,
    options: withConsole(options),
    sources,
    file,
    warnings: misspeltVariables(env, VARIABLES),
  };
}

/** The default address of the live page. */
const PAGE = { host: '127.0.0.1', port: 8127 };

/**
 * Turns the console on if no output to elsewhere is named. Turns the live page on too, if no output at all is named. Otherwise
 * nobody would see any metrics.
 */
function withConsole(options: CollectorOptions): CollectorOptions {
  const { console, json, forward, prometheus, otlp, graphite, influx, push, page } = options;
  const urls = [...forward, ...graphite, ...influx, ...push];
  const none = urls.length === 0 && prometheus === false && otlp === undefined;
  const isSilent = none && !console && !json;
  return { ...options, console: console || json || none, page: page ?? (isSilent && PAGE) };
}

function parseFlags(args: readonly string[]): { values: Given; positionals: string[] } {
  const options: NonNullable<ParseArgsConfig['options']> = {
    config: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
    version: { type: 'boolean' },
    'check-config': { type: 'boolean' },
  };
  for (const [name, spec] of SPECS) {
    options[flagName(name)] = {
      type: spec.value === undefined ? 'boolean' : 'string',
      multiple: spec.many === true,
    };
  }
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: true });
  } catch (error) {
    throw new ConfigError(`${problemOf(error as NodeJS.ErrnoException, options)} (--help lists the options)`);
  }
}

/** The message about a command line that can't be read. For an unknown option, it suggests a known one with a similar name. */
function problemOf({ code, message }: NodeJS.ErrnoException, options: object): string {
  const unknown = code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' ? /'(--?[^']*)'/.exec(message)?.[1] : undefined;
  if (unknown === undefined) return message.replace(/\s+/g, ' ');
  const flags = Object.keys(options).map((name) => `--${name}`);
  return `there is no option ${unknown}${suggestion(unknown, flags, '--')}`;
}

function fromFlags(values: Given): Given {
  const given: Given = {};
  for (const [name, spec] of SPECS) {
    const value = values[flagName(name)];
    if (value !== undefined) given[name] = readValue(spec, value, `--${flagName(name)}`);
  }
  return given;
}

function fromEnvironment(env: NodeJS.ProcessEnv): Given {
  const given: Given = {};
  for (const [name, spec] of SPECS) {
    const text = env[variableName(name)];
    if (text === undefined || text === '') continue;
    const value =
      spec.value === undefined ? parseBoolean(text) : spec.many === true ? text.trim().split(/\s+/) : text;
    if (value === undefined)
      throw new ConfigError(
        `${variableName(name)} must be one of ${BOOLEAN_TEXTS}; it is ${JSON.stringify(text)}`,
      );
    given[name] = readValue(spec, value, variableName(name));
  }
  return given;
}

function fromFile(path: string): Given {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new ConfigError(`the configuration file ${path} can't be read: ${(error as Error).message}`);
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new ConfigError(`the configuration file ${path} must hold one JSON object`);
  }
  const given: Given = {};
  for (const [name, value] of Object.entries(content)) {
    const spec = Object.hasOwn(OPTIONS, name)
      ? (OPTIONS[name as keyof CollectorOptions] as OptionSpec<unknown>)
      : undefined;
    if (spec === undefined)
      throw new ConfigError(
        `${path} has an unknown option ${JSON.stringify(name)}${suggestion(name, Object.keys(OPTIONS))}; there are ${Object.keys(OPTIONS).join(', ')}`,
      );
    const text =
      typeof value === 'number' ? String(value) : value === false && spec.value !== undefined ? 'off' : value;
    given[name] = readValue(spec, text, `${name} in ${path}`);
  }
  return given;
}

/** Reads the value of an option. A switch is taken as it is. The option's own rule reads text, and each item of a list. */
function readValue(spec: OptionSpec<unknown>, value: unknown, where: string): unknown {
  if (spec.value === undefined) {
    if (typeof value === 'boolean') return value;
    throw new ConfigError(`${where} must be true or false; it is ${JSON.stringify(value)}`);
  }
  if (spec.many === true) {
    const list: unknown = spec.alone === true && typeof value === 'string' ? [value] : value;
    if (!Array.isArray(list))
      throw new ConfigError(`${where} must be a list; it is ${JSON.stringify(value)}`);
    const items = list.map((item) => readText(spec, typeof item === 'string' ? item : textOf(item), where));
    // `off` cancels the items before it.
    return items.slice(items.lastIndexOf(undefined) + 1);
  }
  // A file may have a JSON list where a flag has values with commas between them.
  return readText(spec, Array.isArray(value) ? value.join() : value, where);
}

/** The text that stands for a number or an object in a flag. Other items are returned as they are. */
function textOf(item: unknown): unknown {
  if (typeof item === 'number') return String(item);
  return typeof item === 'object' && item !== null ? JSON.stringify(item) : item;
}

function readText(spec: OptionSpec<unknown>, text: unknown, where: string): unknown {
  try {
    if (typeof text !== 'string') throw new Error('text');
    return spec.read(text);
  } catch (error) {
    const is =
      spec.secret === true ? 'is not shown, because it may hold a secret' : `is ${JSON.stringify(text)}`;
    throw new ConfigError(`${where} must be ${(error as Error).message}; it ${is}`, { cause: error });
  }
}
