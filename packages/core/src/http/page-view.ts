import type { IncomingHttpHeaders } from 'node:http';

/** What is known of a response that has been sent. */
interface Answered {
  readonly method: string | undefined;
  /** Those of the request. */
  readonly headers: IncomingHttpHeaders;
  readonly statusCode: number;
  readonly contentType: unknown;
  readonly disposition: unknown;
}

/**
 * Whether a person looked at what was answered: a finished GET with 2xx or 304 that a browser says is for a document or,
 * where it says nothing (`Sec-Fetch-Dest`, Fetch Metadata), an answer in HTML; never a prefetch (`Sec-Purpose`, `Purpose`),
 * a download (`Content-Disposition`), or an answer without content.
 */
export function isPageView(answered: Answered): boolean {
  const { method, headers, statusCode: status, disposition } = answered;
  if (method !== 'GET' || (status !== 304 && (status < 200 || status > 299))) return false;
  if (status === 204 || status === 205) return false;
  const destination = headers['sec-fetch-dest'];
  if (destination === undefined ? !isHtml(answered) : destination !== 'document') return false;
  if (typeof disposition === 'string' && /^\s*attachment/i.test(disposition)) return false;
  return !isPrefetch(headers['sec-purpose']) && !isPrefetch(headers['purpose']);
}

/** A 304 has no content, and so no type: there counts what was asked for. Browsers ask for pages in HTML first. */
function isHtml({ headers, statusCode, contentType }: Answered): boolean {
  if (statusCode === 304 && contentType === undefined) return /^\s*text\/html\b/i.test(headers.accept ?? '');
  return typeof contentType === 'string' && /^\s*text\/html\s*(?:;|$)/i.test(contentType);
}

function isPrefetch(purpose: string | string[] | undefined): boolean {
  return purpose !== undefined && String(purpose).includes('prefetch');
}
