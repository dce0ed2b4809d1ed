// What Chromium asks for, and what of it is counted as a page view.
import { findBrowser, need } from '@afstatsd/testing';
import { expect } from 'chai';
import { chromium } from 'playwright-core';
import { openShop } from './site.mjs';

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP shop.test 127.0.0.1',
];

describe('page views of a real browser', () => {
  let browser;
  let context;
  let page;
  let shop;

  const views = () => shop.recorded('website.pageviews.');

  before(async function () {
    need(this, 'browser');
    browser = await chromium.launch({ executablePath: findBrowser(), args: ARGS, headless: true });
  });

  after(() => browser?.close());

  beforeEach(async () => {
    shop = await openShop();
    context = await browser.newContext();
    page = await context.newPage();
  });

  afterEach(async () => {
    await context?.close();
    await shop?.close();
  });

  it("a visit is one, under its route's template; nothing that the page loads is", async () => {
    await page.goto(shop.url('/shop/7'));
    expect(await shop.answered(9)).to.deep.equal([
      'GET /api/stock for empty: 200',
      'GET /articles/next for empty: 200',
      'GET /assets/app.js for script: 200',
      'GET /assets/background.svg for image: 200',
      'GET /assets/photo.svg for image: 200',
      'GET /assets/style.css for style: 200',
      'GET /fragment for empty: 200',
      'GET /frame for iframe: 200',
      'GET /shop/7 for document: 200',
    ]);
    expect(views()).to.deep.equal({ 'shop-_item': 1 });
    expect(shop.recorded('http.request.get.')).to.deep.equal({
      'api-stock.2xx': 1,
      'articles-_title.2xx': 1,
      'assets-_name.2xx': 4,
      'fragment.2xx': 1,
      'frame.2xx': 1,
      'shop-_item.2xx': 1,
    });
  });

  it('a reload that is answered with 304 is one more', async () => {
    await page.goto(shop.url('/articles/one'));
    await page.reload();
    expect(await shop.answered(2)).to.deep.equal([
      'GET /articles/one for document: 200',
      'GET /articles/one for document: 304',
    ]);
    expect(views()).to.deep.equal({ 'articles-_title': 2 });
  });

  it('a click on a link is one of the page that it leads to', async () => {
    await page.goto(shop.url('/links'));
    await page.click('text=on');
    await page.waitForURL('**/articles/next');
    await shop.answered(2);
    expect(views()).to.deep.equal({ links: 1, 'articles-_title': 1 });
  });

  it('a form that is posted is none, and the page that it redirects to is one', async () => {
    await page.goto(shop.url('/links'));
    await page.click('button');
    await page.waitForURL('**/orders/17');
    expect(await shop.answered(3)).to.deep.equal([
      'GET /links for document: 200',
      'GET /orders/17 for document: 200',
      'POST /orders for document: 303',
    ]);
    expect(views()).to.deep.equal({ links: 1, 'orders-_id': 1 });
    expect(shop.recorded('http.request.post.')).to.deep.equal({ 'orders.3xx': 1 });
  });

  it('a file that is downloaded is none', async () => {
    await page.goto(shop.url('/links'));
    const download = page.waitForEvent('download');
    await page.click('text=prices');
    await (await download).path();
    expect(await shop.answered(2)).to.include('GET /files/prices for empty: 200');
    expect(views()).to.deep.equal({ links: 1 });
  });

  for (const [path, view] of Object.entries({
    '/prefetching': 'prefetching',
    '/prerendering': 'prerendering',
  })) {
    it(`a page that the browser only expects to be visited is none (${view})`, async () => {
      await page.goto(shop.url(path));
      // To all appearances a document: only Sec-Purpose tells.
      expect(await shop.answered(2)).to.include('GET /articles/soon for document: 200');
      expect(views()).to.deep.equal({ [view]: 1 });
    });
  }

  it('HEAD is none, neither of a script nor of a client that says nothing', async () => {
    await page.goto(shop.url('/asking'));
    await shop.answered(2);
    await fetch(shop.url('/articles/two'), { method: 'HEAD' });
    expect(await shop.answered(3)).to.deep.equal([
      'GET /asking for document: 200',
      'HEAD /articles/one for empty: 200',
      'HEAD /articles/two for ?: 200',
    ]);
    expect(views()).to.deep.equal({ asking: 1 });
  });

  it('an event stream is none, and no request time either', async () => {
    await page.goto(shop.url('/live'));
    await page.waitForFunction(() => document.title === 'news');
    await page.close();
    await shop.answered(2);
    expect(views()).to.deep.equal({ live: 1 });
    expect(shop.recorded('http.request.')).to.deep.equal({ 'get.live.2xx': 1 });
    expect(shop.recorded('http.ttfb.')).to.deep.equal({ 'get.events': 1 });
  });

  it('over plain HTTP, where browsers do not say what they ask for, every answer in HTML is one, except a prefetch', async () => {
    await page.goto(`http://shop.test:${shop.port}/shop/7`);
    const requests = await shop.answered(9);
    expect(requests.every((request) => request.includes(' for ?: '))).to.equal(true);
    expect(requests).to.include('GET /articles/next for ?: 200');
    expect(views()).to.deep.equal({ 'shop-_item': 1, frame: 1, fragment: 1 });
  });
});
