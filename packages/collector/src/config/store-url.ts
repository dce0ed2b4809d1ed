/** The parts of a store's URL. */
export interface StoreUrl {
  /** The address, with the store's own parameters. It has no name, no password, and no parameters for the collector. */
  readonly address: URL;
  /** The URL as it is shown to people and in metrics. It has no part that may hold a secret. */
  readonly shown: string;
  /** The `name:password` before the host. Undefined if there was none. */
  readonly login: string | undefined;
  /** The parameters that are meant for the collector. */
  readonly own: ReadonlyMap<string, string>;
}

/** The parameters that are shown. They say where in a store the metrics go. Others aren't shown, because they may be tokens. */
const SHOWN_PARAMETERS = ['db', 'rp', 'bucket', 'org'];

/** The port of carbon, where lines are read. */
const CARBON_PORT = '2003';

/**
 * Reads `tcp://host:2003?prefix=stats&tags=fold`, or the same with `tls:`.
 *
 * @throws Error that says what the URL must be. The URL isn't in the message, because it may hold a secret.
 */
export function readGraphiteUrl(text: string): StoreUrl {
  const url = parse(text, ['tcp:', 'tls:']);
  const hasPath = url.pathname !== '' && url.pathname !== '/';
  if (url.hostname === '' || hasPath || url.username !== '' || url.hash !== '')
    throw new Error('tcp://HOST:PORT or tls://HOST:PORT, without a path, a name or a fragment');
  const own = ownParameters(url.search.slice(1), ['prefix', 'tags']);
  if (!['keep', 'fold'].includes(own.get('tags') ?? 'keep'))
    throw new Error('a URL with tags=keep or tags=fold');
  url.search = '';
  url.port ||= CARBON_PORT;
  return { address: url, shown: `${url.protocol}//${url.host}`, login: undefined, own };
}

/**
 * Reads the URL of a store that takes HTTP. The part after `?` is for the store. The part after `#` is for the collector, so it
 * isn't sent: `http://host:8086/write?db=shop#headers=INFLUX_HEADERS`.
 *
 * @throws Error that says what the URL must be. The URL isn't in the message, because it may hold a secret.
 */
export function readHttpUrl(text: string): StoreUrl {
  const url = parse(text, ['http:', 'https:']);
  const own = ownParameters(url.hash.slice(1), ['headers']);
  const login = url.username === '' ? undefined : decoded(`${url.username}:${url.password}`);
  url.hash = url.username = url.password = '';
  const shown = new URL(url.origin + url.pathname);
  for (const name of SHOWN_PARAMETERS) {
    const value = url.searchParams.get(name);
    if (value !== null) shown.searchParams.set(name, value);
  }
  return { address: url, shown: shown.href, login, own };
}

/**
 * The URL of a StatsD server or an OpenTelemetry receiver, as it is shown to people and in metrics. It has no name or password.
 * Its only parameter is `format`, because others may be tokens.
 */
export function shownUrl(text: string): string {
  const { protocol, host, pathname, searchParams } = new URL(text);
  const format = searchParams.get('format');
  const path = pathname === '/' && protocol === 'udp:' ? '' : pathname;
  return `${protocol}//${host}${path}${format === null ? '' : `?format=${format}`}`;
}

function parse(text: string, schemes: readonly string[]): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !schemes.includes(url.protocol)) {
    throw new Error(`a URL that begins with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}`);
  }
  return url;
}

function ownParameters(text: string, known: readonly string[]): Map<string, string> {
  const own = new Map(new URLSearchParams(text));
  for (const name of own.keys()) {
    if (!known.includes(name))
      throw new Error(`a URL whose parameters for the collector are ${known.join(', ')}`);
  }
  return own;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Error('a URL in whose name and password each % is written as %25');
  }
}
