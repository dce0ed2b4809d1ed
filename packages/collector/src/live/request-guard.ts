import type { IncomingHttpHeaders } from 'node:http';
import { hostGuard } from '../output/host-guard.js';

/** Why a request is refused, and the status of HTTP that says so. */
export interface Refusal {
  readonly status: number;
  readonly text: string;
}

/** Any address is right to somebody who knows it. Names are as on loopback, wherever the page listens. */
const LOOPBACK = '127.0.0.1';

/**
 * Refuses requests that pages of strangers have a browser send: those for a name that isn't this machine's, which a stranger may
 * have let point here, and those that come from another origin.
 *
 * @param host - as the page was told to listen: a name or an address.
 * @param allowHosts - further names.
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

/** Whether a page of another origin asks. A link to this page that somebody follows is no such request. */
function isForeign({ origin, host, ...headers }: IncomingHttpHeaders): boolean {
  if (origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host)) return true;
  const site = headers['sec-fetch-site'] ?? 'none';
  return site !== 'same-origin' && site !== 'none' && headers['sec-fetch-mode'] !== 'navigate';
}
