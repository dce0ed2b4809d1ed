// What axe-core finds on each view of the collector's page: nothing serious, in light and dark, wide and narrow.
import axe from 'axe-core';
import { expect } from 'chai';
import { useTheatre } from './theatre.mjs';

/** What axe finds, as one line a rule. */
async function found(page) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => window.axe.run());
  return violations.map(
    ({ id, impact, nodes }) =>
      `${impact}: ${id} at ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
  );
}

describe('the page for everybody, in a browser', () => {
  const theatre = useTheatre();

  for (const colorScheme of ['light', 'dark']) {
    for (const width of [1280, 390]) {
      it(`has no fault that axe-core finds, ${colorScheme}, ${width} px wide`, async () => {
        const collector = await theatre.collector();
        const app = theatre.app(collector);
        await app.record(
          ['timing', 'http.request', 5, { tags: { method: 'get', route: '/a', status: '2xx' } }],
          ['timing', 'http.request', 9, { tags: { method: 'get', route: '/b', status: '5xx' } }],
          ['histogram', 'http.request.calls', 25, { tags: { route: '/a', what: 'db.find' } }],
          ['increment', 'website.pageviews', { tags: { route: '/a' } }],
          ['increment', 'orders', { tags: { method: 'card' } }],
          ['increment', 'orders', { tags: { method: 'bill' } }],
        );
        const page = await theatre.open(`${collector.url}#/metrics`, {
          colorScheme,
          viewport: { width, height: 800 },
        });
        await page.locator('.row', { hasText: 'orders' }).waitFor();
        await app.record(['increment', 'refunds']);
        await page.locator('.row', { hasText: 'refunds' }).waitFor();
        expect(await found(page), 'the list').to.deep.equal([]);
        await page.getByRole('link', { name: 'Overview' }).click();
        await page.getByRole('row', { name: '/b' }).waitFor();
        expect(await found(page), 'the overview').to.deep.equal([]);
        await page.goto(`${collector.url}#/metric?name=http.request&kind=timer&by=route&compare=1`);
        await page.getByRole('row', { name: '/b' }).first().waitFor();
        expect(await found(page), 'a chart').to.deep.equal([]);
        await page.getByRole('link', { name: 'Clients' }).click();
        await page.getByRole('heading', { level: 1 }).waitFor();
        expect(await found(page), 'the clients').to.deep.equal([]);
        await page.getByRole('link', { name: 'Findings' }).click();
        await page.getByRole('table', { name: 'Things that run often' }).waitFor();
        expect(await found(page), 'the findings').to.deep.equal([]);
        await page.goto(`${collector.url}#/metric?name=none`);
        await page.getByText('there is no metric').waitFor();
        await collector.program.kill('SIGKILL');
        await page.getByText('The connection to the collector was lost').waitFor();
        expect(await found(page), 'without a connection').to.deep.equal([]);
      });
    }
  }
});
