import type { Report } from '../account/report.js';
import { isIPv6 } from 'node:net';
import { BOOLEAN_TEXTS, parseBoolean, parseDuration } from '../check/parse.js';
import { describe } from '../text/describe.js';
import { TRANSPORT_URLS } from '../transport/from-url.js';
import { type Settings, type StatsdOptions, readSettings } from './options.js';

const NAME = 'be a name of at most 255 bytes';

/** The name in a variable. Returns false for `off`, `false`, `no` and `0`, which ask for no name. */
function nameOrOff(text: string): string | false {
  return parseBoolean(text) !== false && text;
}

/** The queue of our collector, with the Datadog Agent as its fallback. So the Agent gets nothing while there is a collector. */
function toAgent(url: string, env: NodeJS.ProcessEnv): StatsdOptions | undefined {
  if (!/^(?:udp|unix):/.test(url)) return undefined;
  const detects = parseBoolean(env['DD_ORIGIN_DETECTION_ENABLED'] ?? '') ?? true;
  const agent = `${url}?format=dogstatsd&originDetection=${detects}`;
  return { transport: `mq:///afcollectorapi?fallback=${encodeURIComponent(agent)}` };
}

/** How each variable is read. `read` returns undefined for text that it can't read. `must` describes valid text. */
const VARIABLES: Readonly<
  Record<string, { must: string; read: (text: string, env: NodeJS.ProcessEnv) => StatsdOptions | undefined }>
> = {
  // If several variables set the same option, the last of this list counts.
  DD_AGENT_HOST: {
    must: 'be a host name or an IP address',
    read: (host, env) =>
      /^[\w.:-]+$/.test(host)
        ? toAgent(`udp://${isIPv6(host) ? `[${host}]` : host}:${env['DD_DOGSTATSD_PORT'] || 8125}`, env)
        : undefined,
  },
  DD_DOGSTATSD_URL: {
    must: 'be udp://host:port or unix:///path',
    read: (url, env) => toAgent(url.replace(/^unixgram:/, 'unix:'), env),
  },
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
  DD_SERVICE: { must: NAME, read: (service) => ({ service }) },
  OTEL_SERVICE_NAME: { must: NAME, read: (service) => ({ service }) },
  DD_ENV: { must: NAME, read: (env) => ({ env }) },
  DD_VERSION: { must: NAME, read: (version) => ({ version }) },
  AFSTATSD_SERVICE: { must: `${NAME}, or off`, read: (text) => ({ service: nameOrOff(text) }) },
  AFSTATSD_INSTANCE: { must: `${NAME}, or off`, read: (text) => ({ instance: nameOrOff(text) }) },
  AFSTATSD_RUNTIME: {
    must: `be one of ${BOOLEAN_TEXTS}`,
    read(text) {
      const runtimeMetrics = parseBoolean(text);
      return runtimeMetrics === undefined ? undefined : { runtimeMetrics };
    },
  },
  AFSTATSD_EXEMPLARS: {
    must: `be one of ${BOOLEAN_TEXTS}`,
    read(text) {
      const exemplars = parseBoolean(text);
      return exemplars === undefined ? undefined : { exemplars };
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
 * Reads settings from the environment. An empty variable counts as unset. A bad value gives one warning, and the default
 * stays.
 */
export function readEnvironment(report: Report, env: NodeJS.ProcessEnv = process.env): Partial<Settings> {
  const settings: Partial<Settings> = {};
  for (const [name, { must, read }] of Object.entries(VARIABLES)) {
    const text = env[name];
    if (text === undefined || text === '') continue;
    let problem = `${name} must ${must}; it is ${describe(text)}`;
    try {
      const options = read(text, env);
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
