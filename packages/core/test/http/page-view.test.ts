import type { IncomingHttpHeaders } from 'node:http';
import { expect } from 'chai';
import { isPageView as isView } from '../../src/http/page-view.js';

function isPageView(
  method: string | undefined,
  headers: IncomingHttpHeaders,
  statusCode: number,
  contentType: string | undefined,
  disposition?: string,
): boolean {
  const all: Record<string, string | undefined> = {
    'content-type': contentType,
    'content-disposition': disposition,
  };
  return isView({ ...(method && { method }), headers }, { statusCode, getHeader: (name) => all[name] });
}

describe('a page view', () => {
  const html = 'text/html; charset=utf-8';

  it('is a GET for a document, whatever its type, that was answered with 2xx or 304', () => {
    const headers = { 'sec-fetch-dest': 'document' };
    for (const status of [200, 201, 299, 304])
      expect(isPageView('GET', headers, status, undefined)).to.be.true;
    for (const status of [199, 300, 302, 404, 500])
      expect(isPageView('GET', headers, status, html)).to.be.false;
  });

  it('is an answer in HTML, where the browser does not say what it is for', () => {
    for (const type of [html, 'text/html', ' TEXT/HTML ;charset=x']) {
      expect(isPageView('GET', {}, 200, type), type).to.be.true;
    }
    for (const type of [undefined, 'text/htmlx', 'application/json', 'text/plain']) {
      expect(isPageView('GET', {}, 200, type), String(type)).to.be.false;
    }
  });

  it('is no part of a page, prefetch, or other method', () => {
    for (const destination of ['image', 'script', 'style', 'iframe', 'empty']) {
      expect(isPageView('GET', { 'sec-fetch-dest': destination }, 200, html)).to.be.false;
    }
    const document = { 'sec-fetch-dest': 'document' };
    expect(isPageView('GET', { ...document, 'sec-purpose': 'prefetch;prerender' }, 200, html)).to.be.false;
    expect(isPageView('GET', { ...document, purpose: 'prefetch' }, 200, html)).to.be.false;
    for (const method of ['HEAD', 'OPTIONS', 'POST', undefined]) {
      expect(isPageView(method, document, 200, html)).to.be.false;
    }
  });

  it('is a 304 that was asked for in HTML, where nothing else says what it is', () => {
    expect(isPageView('GET', { accept: 'text/html,application/xml;q=0.9' }, 304, undefined)).to.be.true;
    expect(isPageView('GET', { accept: '*/*' }, 304, undefined)).to.be.false;
  });

  it('is no download, and has content', () => {
    const document = { 'sec-fetch-dest': 'document' };
    expect(isPageView('GET', document, 200, 'application/pdf', 'attachment; filename="a.pdf"')).to.be.false;
    expect(isPageView('GET', document, 200, 'application/pdf', 'inline')).to.be.true;
    for (const status of [204, 205]) expect(isPageView('GET', document, status, undefined)).to.be.false;
  });
});
