// What strangers may try with the collector's page, in Chromium: names with markup, and pages of their own.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { eventually, useCleanup } from '@afstatsd/testing';
import { expect } from 'chai';
import { useTheatre } from './theatre.mjs';

const MARKUP = '<img src=x onerror="alert(1)"><script>alert(2)</script>';
const NAMES = [
  `a-${MARKUP}`,
  'b-"quotes\' and `ticks`',
  'c-\u001B[31mred\u001B]0;title\u0007',
  'd-\u202Etxt.exe',
  'e-__proto__',
  'f-{{constructor.constructor("alert(3)")()}}',
  'g-javascript:alert(4)',
];

describe('the page among strangers, in a browser', () => {
  const theatre = useTheatre();
  const later = useCleanup();

  it('shows names and tags as text, whatever stands in them', async () => {
    const collector = await theatre.collector();
    const app = theatre.app(collector);
    await app.record(
      ...NAMES.map((name) => ['increment', name, { tags: { [`key-${MARKUP}`]: MARKUP, route: MARKUP } }]),
      ['timing', 'http.request', 5, { tags: { route: MARKUP, status: '5xx', method: MARKUP } }],
      ['increment', 'website.pageviews', { tags: { route: MARKUP } }],
    );
    const page = await theatre.open(`${collector.url}#/metrics`);
    await page.locator('.row', { hasText: 'g-javascript' }).waitFor();
    const shown = await page.locator('.rows .name').allTextContents();
    for (const letter of 'abcdefg')
      expect(
        shown.filter((name) => name.startsWith(`${letter}-`)),
        letter,
      ).to.have.length(1);
    expect(shown.join('\n'))
      .to.include('<img src')
      .and.not.match(/[^\P{C}\n]/u);

    await page.getByLabel('Group by').selectOption({ index: 1 });
    await page.getByLabel('Group by').selectOption('');
    for (const name of shown) {
      await page.goto(`${collector.url}#/metrics`);
      await page
        .locator('.row', { hasText: name.slice(0, 12) })
        .first()
        .click();
      await page.getByRole('table', { name: 'Lines of the chart' }).locator('tbody tr').first().waitFor();
      const keys = await page.getByLabel('Split by').locator('option').count();
      if (keys > 1) {
        await page.getByLabel('Split by').selectOption({ index: 1 });
        await page.getByRole('table', { name: 'Lines of the chart' }).locator('tbody a').first().waitFor();
      }
    }
    await page.goto(`${collector.url}#/`);
    await page.getByRole('table', { name: 'Requests by route' }).locator('tbody tr').first().waitFor();
    expect(await page.locator('main img, main script, main iframe').count()).to.equal(0);
    expect(page.problems).to.deep.equal([]);
  });

  it('has a policy under which neither inline code, nor code from elsewhere, nor markup from text runs', async () => {
    const collector = await theatre.collector();
    const page = await theatre.open(collector.url);
    await page.getByText('Live', { exact: true }).waitFor();
    const outcome = await page.evaluate(async () => {
      window.violated = [];
      document.addEventListener('securitypolicyviolation', (event) =>
        window.violated.push(event.effectiveDirective),
      );
      const attempts = {
        inline: () => {
          const script = document.createElement('script');
          script.append('window.hacked = true');
          document.body.append(script);
        },
        markup: () => {
          document.body.innerHTML += '<b>markup</b>';
        },
        handler: () => document.body.setAttribute('onclick', 'window.hacked = true'),
        style: () =>
          document.head.append(Object.assign(document.createElement('style'), { textContent: 'b{}' })),
      };
      const thrown = [];
      for (const [name, attempt] of Object.entries(attempts)) {
        try {
          attempt();
        } catch {
          thrown.push(name);
        }
      }
      const elsewhere = await fetch('http://127.0.0.1:9/').then(
        () => 'answered',
        () => 'refused',
      );
      document.body.click();
      return { hacked: window.hacked ?? false, elsewhere, thrown };
    });
    expect(outcome).to.include({ hacked: false, elsewhere: 'refused' });
    expect(outcome.thrown).to.include('markup');
    await eventually(async () => {
      const violated = await page.evaluate(() => window.violated);
      expect(violated).to.include.members(['connect-src', 'style-src-elem', 'require-trusted-types-for']);
    });
  });

  it('is closed to pages of other origins: they can read nothing, load nothing, and frame nothing', async () => {
    const collector = await theatre.collector();
    const stranger = createServer((_, response) => {
      response.setHeader('Content-Type', 'text/html');
      response.end('<!doctype html><title>stranger</title>');
    }).listen(0, '127.0.0.1');
    await once(stranger, 'listening');
    later(() => stranger.close());
    const page = await theatre.open(`http://127.0.0.1:${stranger.address().port}/`);
    const outcome = await page.evaluate(async (url) => {
      const outcomes = {};
      const tried = async (name, attempt) => {
        outcomes[name] = await attempt().then(
          (value) => value,
          () => 'refused',
        );
      };
      await tried('read', () => fetch(`${url}api/v1/metrics`).then((response) => response.text()));
      await tried('send', () => fetch(`${url}api/v1/metrics`, { mode: 'no-cors' }).then(({ type }) => type));
      await tried('post', () =>
        fetch(`${url}api/v1/metrics`, { method: 'POST', mode: 'no-cors' }).then(({ type }) => type),
      );
      const loaded = (element) =>
        new Promise((resolve, reject) => {
          element.addEventListener('load', () => resolve('loaded'));
          element.addEventListener('error', () => reject(new Error('refused')));
          document.body.append(element);
        });
      const make = (tag, properties) => Object.assign(document.createElement(tag), properties);
      await tried('script', () => loaded(make('script', { src: `${url}app.js` })));
      await tried('image', () => loaded(make('img', { src: `${url}icon.svg` })));
      await tried('stream', () => {
        const source = new EventSource(`${url}api/v1/stream`);
        return new Promise((resolve, reject) => {
          source.addEventListener('open', () => resolve('open'));
          source.addEventListener('error', () => reject(new Error('refused')));
        });
      });
      const frame = make('iframe', { src: url });
      await loaded(frame);
      outcomes.frame = frame.contentDocument === null ? 'refused' : 'readable';
      return outcomes;
    }, collector.url);
    expect(outcome).to.deep.equal({
      read: 'refused',
      send: 'refused',
      post: 'refused',
      script: 'refused',
      image: 'refused',
      stream: 'refused',
      frame: 'refused',
    });
    const frames = page.frames().filter((frame) => frame.parentFrame() !== null);
    for (const frame of frames)
      expect(await frame.evaluate(() => document.body?.textContent ?? '')).to.not.include(
        'afstatsd collector',
      );
  });

  it('is closed to a name that a stranger lets point here', async () => {
    const collector = await theatre.collector();
    const { status } = await fetch(collector.url);
    expect(status).to.equal(200);
    const page = await theatre.open('about:blank');
    const context = page.context();
    const other = await context.newPage();
    const response = await other
      .goto(`http://127.0.0.1.attacker.localhost:${collector.port}/`)
      .catch((error) => ({ status: () => error.message }));
    expect(response.status()).to.equal(421);
  });
});
