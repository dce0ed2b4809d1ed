import type { IncomingHttpHeaders } from 'node:http';
import { hostGuard } from '../output/host-guard.js';

/** The reason for which a request is refused, and its HTTP status. */
export interface Refusal {
  readonly status: number;
  readonly text: string;
}

/** The page accepts the same names as on loopback, wherever it listens. Addresses are always accepted. */
const LOOPBACK = '127.0.0.1';

/**
 * Refuses requests that a stranger's web page makes a browser send. Such a request comes from another origin, or has a name that
 * isn't this machine's, because the stranger may let an own name point here.
 *
 * @param host - the configured host of the page: a name or an address.
 * @param allowHosts - further names that are accepted.
 */
export function requestGuard(
  host: string,
  allowHosts: readonly string[],
): (headers: IncomingHttpHeaders) => Refusal | undefined {
  const answersTo = hostGuard({ host, address: LOOPBACK, allowHosts });
  return (headers) => {
    if (!answersTo(headers.host))
      return { status: 421, text: 'this is not a name of this collector: see its option --allow-host\n' };
    if (isForeign(headers)) return { status: 403, text: 'requests of other sites are refused\n' };
    return undefined;
  };
}

/** Whether a page of another origin sends the request. A followed link to this page doesn't count. */
function isForeign({ origin, host, ...headers }: IncomingHttpHeaders): boolean {
  if (origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host)) return true;
  const site = headers['sec-fetch-site'] ?? 'none';
  return site !== 'same-origin' && site !== 'none' && headers['sec-fetch-mode'] !== 'navigate';
}
