import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a person looked at what was answered: a finished GET with 2xx or 304 that a browser says is for a document or,
 * where it says nothing (`Sec-Fetch-Dest`, Fetch Metadata), an answer in HTML; never a prefetch (`Sec-Purpose`, `Purpose`).
 */
export function isPageView(
  method: string | undefined,
  headers: IncomingHttpHeaders,
  status: number,
  contentType: string | undefined,
): boolean {
  if (method !== 'GET' || (status !== 304 && (status < 200 || status > 299))) return false;
  const destination = headers['sec-fetch-dest'];
  if (
    destination === undefined ? contentType === undefined || !isHtml(contentType) : destination !== 'document'
  ) {
    return false;
  }
  return !isPrefetch(headers['sec-purpose']) && !isPrefetch(headers['purpose']);
}

function isPrefetch(purpose: string | string[] | undefined): boolean {
  return purpose !== undefined && String(purpose).includes('prefetch');
}

function isHtml(contentType: string): boolean {
  return /^\s*text\/html\s*(?:;|$)/i.test(contentType);
}
