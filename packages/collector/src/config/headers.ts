import { ConfigError } from './config-error.js';
import { readHttpUrl } from './store-url.js';

/** The variables that hold the headers of outputs, because a secret doesn't belong on a command line. */
export const HEADER_VARIABLES = {
  influx: 'AFSTATSD_COLLECTOR_INFLUX_HEADERS',
  push: 'AFSTATSD_COLLECTOR_PUSH_HEADERS',
} as const;

/** A name of a header that HTTP allows. */
const NAME = /^[\w!#$%&'*+.^`|~-]+$/;
/** A value of a header that HTTP allows. It has no line breaks, so it can't add another header. */
const VALUE = /^[\t\u0020-\u007E\u0080-\u00FF]*$/;

/**
 * Reads headers in the form of `OTEL_EXPORTER_OTLP_HEADERS`: `Authorization=Token%20abc,X-Scope-OrgID=shop`. Characters of values
 * can be percent-encoded, such as `%20`. A comma in a value has to be `%2C`.
 *
 * @throws Error that says what the text must be. Values aren't in the message, because they are secrets.
 */
export function readHeaders(text: string): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const item of text.split(',')) {
    if (item.trim() === '') continue;
    const at = item.indexOf('=');
    const name = item.slice(0, Math.max(0, at)).trim();
    const value = percentDecoded(item.slice(at + 1).trim());
    if (!NAME.test(name) || value === undefined || !VALUE.test(value))
      throw new Error('headers such as Authorization=Token%20abc,X-Scope-OrgID=shop');
    headers[name] = value;
  }
  return headers;
}

function percentDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** @throws ConfigError if a URL names a variable that isn't set, or that doesn't hold headers. */
export function checkHeaders(
  urls: { readonly influx: readonly string[]; readonly push: readonly string[] },
  env: NodeJS.ProcessEnv,
): void {
  for (const output of ['influx', 'push'] as const) {
    for (const url of urls[output]) {
      const named = readHttpUrl(url).own.get('headers');
      const variable = named ?? HEADER_VARIABLES[output];
      const text = env[variable];
      if (named !== undefined && text === undefined)
        throw new ConfigError(`${output} names a variable for its headers that isn't set: ${variable}`);
      try {
        readHeaders(text ?? '');
      } catch (error) {
        throw new ConfigError(`${variable} must be ${(error as Error).message}; its value is not shown`, {
          cause: error,
        });
      }
    }
  }
}
