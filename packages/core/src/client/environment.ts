import type { Report } from '../account/report.js';
import { describe } from '../text/describe.js';
import { type Settings, type StatsdOptions, readOptions } from './options.js';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const SWITCH: Readonly<Record<string, boolean>> = {
  '1': true,
  true: true,
  yes: true,
  on: true,
  '0': false,
  false: false,
  no: false,
  off: false,
};

/** How each variable is read. A reader returns undefined for text that it can't read; `must` says what it can. */
const VARIABLES: Readonly<
  Record<string, { must: string; read: (text: string) => StatsdOptions | undefined }>
> = {
  AFSTATSD_URL: {
    must: 'be mq:///name, udp://host:port, unix:///path, memory: or null:',
    read: (transport) => ({ transport }),
  },
  AFSTATSD_INTERVAL: {
    must: 'be a duration with its unit, such as 20s or 500ms, or 0',
    read(text) {
      const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
      if (match === null) return text === '0' ? { interval: 0 } : undefined;
      return { interval: Number(match[1]) * UNITS[match[2]!]! };
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
  AFSTATSD_DISABLED: {
    must: `be one of ${Object.keys(SWITCH).join(', ')}`,
    read: (text) =>
      Object.hasOwn(SWITCH, text.toLowerCase()) ? { enabled: !SWITCH[text.toLowerCase()] } : undefined,
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
        Object.assign(settings, readOptions(options));
        continue;
      }
    } catch (error) {
      problem += ` (${(error as Error).message})`;
    }
    report.warn(`${problem}. It is ignored`);
  }
  return settings;
}
