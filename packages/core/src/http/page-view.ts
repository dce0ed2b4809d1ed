import type { IncomingMessage, ServerResponse } from 'node:http';

type Asked = Pick<IncomingMessage, 'headers' | 'method'>;
type Answered = Pick<ServerResponse, 'getHeader' | 'statusCode'>;

const DESTINATION = 'sec-fetch-dest';

/**
 * Whether a person looked at what was answered: a finished GET with 2xx or 304 that a browser says is for a document or,
 * where it says nothing (`Sec-Fetch-Dest`, Fetch Metadata), an answer in HTML; never a prefetch (`Sec-Purpose`, `Purpose`),
 * a download (`Content-Disposition`), or an answer without content.
 *
 * @param contentType - the response's, if it isn't the one that was set on it.
 */
export function isPageView(raw: Asked, rawResponse: Answered, contentType?: string): boolean {
  const { statusCode: status } = rawResponse;
  if (raw.method !== 'GET' || (status !== 304 && (status < 200 || status > 299))) return false;
  if (status === 204 || status === 205) return false;
  const { headers } = raw;
  const destination = headers[DESTINATION];
  const type = contentType ?? rawResponse.getHeader('content-type');
  if (destination === undefined ? !isHtml(raw, status, type) : destination !== 'document') return false;
  const disposition = rawResponse.getHeader('content-disposition');
  if (typeof disposition === 'string' && /^\s*attachment/i.test(disposition)) return false;
  return !isPrefetch(headers['sec-purpose']) && !isPrefetch(headers['purpose']);
}

/**
 * Whether `isPageView` could say so of an answer: of most, one look at each header's name tells.
 *
 * @param rawHeaders - the request's, a name and a value in turn. To make an object of them costs more than all else here.
 * @param contentType - the response's, if it is known.
 */
export function mayBePageView(rawHeaders: readonly string[], contentType: string | undefined): boolean {
  if (contentType === undefined || /html/i.test(contentType)) return true;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!;
    if (name.length === DESTINATION.length && name.toLowerCase() === DESTINATION) return true;
  }
  return false;
}

/** A 304 has no content, and so no type: there counts what was asked for. Browsers ask for pages in HTML first. */
function isHtml({ headers }: Asked, status: number, type: unknown): boolean {
  if (status === 304 && type === undefined) return /^\s*text\/html\b/i.test(headers.accept ?? '');
  return typeof type === 'string' && /^\s*text\/html\s*(?:;|$)/i.test(type);
}

function isPrefetch(purpose: string | string[] | undefined): boolean {
  return purpose !== undefined && String(purpose).includes('prefetch');
}
