import type { Report } from '../account/report.js';
import { BOOLEAN_TEXTS, parseBoolean, parseDuration } from '../check/parse.js';
import { describe } from '../text/describe.js';
import { TRANSPORT_URLS } from '../transport/from-url.js';
import { type Settings, type StatsdOptions, readSettings } from './options.js';

const NAME = 'be a name of at most 255 bytes';

/** `off`, `false`, `no` and `0` ask for no name. */
function nameOrOff(text: string): string | false {
  return parseBoolean(text) !== false && text;
}

/** How each variable is read. A reader returns undefined for text that it can't read; `must` says what it can. */
const VARIABLES: Readonly<
  Record<string, { must: string; read: (text: string) => StatsdOptions | undefined }>
> = {
  AFSTATSD_URL: {
    must: `be ${TRANSPORT_URLS}`,
    read: (transport) => ({ transport }),
  },
  AFSTATSD_INTERVAL: {
    must: 'be a duration with its unit, such as 20s or 500ms, or 0',
    read(text) {
      const interval = parseDuration(text);
      return interval === undefined ? undefined : { interval };
    },
  },
  AFSTATSD_PREFIX: {
    must: 'be at most 255 bytes without ":", "|", "@" and control characters',
    read: (prefix) => ({ prefix }),
  },
  AFSTATSD_TAGS: {
    must: 'be key:value pairs with commas between',
    read(text) {
      const pairs = text.split(',').map((pair) => /^([^:]+):(.*)$/.exec(pair));
      if (pairs.some((pair) => pair === null)) return undefined;
      return { tags: Object.fromEntries(pairs.map((pair) => [pair![1]!, pair![2]!])) };
    },
  },
  // The later one of two counts.
  DD_SERVICE: { must: NAME, read: (service) => ({ service }) },
  OTEL_SERVICE_NAME: { must: NAME, read: (service) => ({ service }) },
  AFSTATSD_SERVICE: { must: `${NAME}, or off`, read: (text) => ({ service: nameOrOff(text) }) },
  AFSTATSD_INSTANCE: { must: `${NAME}, or off`, read: (text) => ({ instance: nameOrOff(text) }) },
  AFSTATSD_RUNTIME: {
    must: `be one of ${BOOLEAN_TEXTS}`,
    read(text) {
      const runtimeMetrics = parseBoolean(text);
      return runtimeMetrics === undefined ? undefined : { runtimeMetrics };
    },
  },
  AFSTATSD_DISABLED: {
    must: `be one of ${BOOLEAN_TEXTS}`,
    read(text) {
      const disabled = parseBoolean(text);
      return disabled === undefined ? undefined : { enabled: !disabled };
    },
  },
};

/**
 * The settings that the environment asks for. An empty variable is one that isn't set; a bad value gives one warning and
 * leaves the default.
 */
export function readEnvironment(report: Report, env: NodeJS.ProcessEnv = process.env): Partial<Settings> {
  const settings: Partial<Settings> = {};
  for (const [name, { must, read }] of Object.entries(VARIABLES)) {
    const text = env[name];
    if (text === undefined || text === '') continue;
    let problem = `${name} must ${must}; it is ${describe(text)}`;
    try {
      const options = read(text);
      if (options !== undefined) {
        Object.assign(settings, readSettings(options));
        continue;
      }
    } catch (error) {
      problem += ` (${(error as Error).message})`;
    }
    report.warn(`${problem}. It is ignored`);
  }
  return settings;
}
