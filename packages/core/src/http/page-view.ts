import type { IncomingMessage, ServerResponse } from 'node:http';

type Asked = Pick<IncomingMessage, 'headers' | 'method'>;
type Answered = Pick<ServerResponse, 'getHeader' | 'statusCode'>;

const DESTINATION = 'sec-fetch-dest';

/**
 * Whether a person looked at the response. It must answer a GET with 2xx or 304. The browser must say that it is for a document
 * (`Sec-Fetch-Dest`). If the browser says nothing, the response must be HTML. A prefetch (`Sec-Purpose`, `Purpose`), a download
 * (`Content-Disposition`) and a response without content never count.
 *
 * @param contentType - the content type, if `writeHead` got another one than was set on the response.
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
 * Whether `isPageView` could return true. It rules out most responses by the names of the request's headers alone.
 *
 * @param rawHeaders - the request's headers, names and values in turn. Making an object of them costs more than all else here.
 * @param contentType - the content type of the response, if it is known.
 */
export function mayBePageView(rawHeaders: readonly string[], contentType: string | undefined): boolean {
  if (contentType === undefined || /html/i.test(contentType)) return true;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!;
    if (name.length === DESTINATION.length && name.toLowerCase() === DESTINATION) return true;
  }
  return false;
}

/** A 304 has no content type, so the request's `Accept` decides. A browser puts `text/html` first when it asks for a page. */
function isHtml({ headers }: Asked, status: number, type: unknown): boolean {
  if (status === 304 && type === undefined) return /^\s*text\/html\b/i.test(headers.accept ?? '');
  return typeof type === 'string' && /^\s*text\/html\s*(?:;|$)/i.test(type);
}

function isPrefetch(purpose: string | string[] | undefined): boolean {
  return purpose !== undefined && String(purpose).includes('prefetch');
}
