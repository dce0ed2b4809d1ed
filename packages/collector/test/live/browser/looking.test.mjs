// What somebody sees who looks at the collector's page with Chromium.
import { eventually, until } from '@afstatsd/testing';
import { expect } from 'chai';
import { useTheatre } from './theatre.mjs';

/** Bridges the time between two samples of one metric, so that it moves. */
const often = async (app, ...call) => {
  for (let at = 0; at < 20; at++) await app.record(call);
};

describe('the page in a browser', () => {
  const theatre = useTheatre();

  it('shows a metric that a process records through the queue, and shows it move', async () => {
    const collector = await theatre.collector();
    const page = await theatre.open(`${collector.url}#/metrics`);
    await page.getByText('Live', { exact: true }).waitFor();
    const app = theatre.app(collector);
    await app.record(['increment', 'first']);
    await page.locator('.row', { hasText: 'first' }).waitFor();
    const began = performance.now();
    await app.record(['increment', 'shop.orders']);
    const row = page.locator('.row', { hasText: 'shop.orders' });
    await row.waitFor();
    console.log(`      seen after ${Math.round(performance.now() - began)} ms`);
    const value = row.locator('.now');
    const before = await value.textContent();
    await often(app, 'increment', 'shop.orders');
    await until('it moves', async () => (await value.textContent()) !== before);
    expect(page.problems).to.deep.equal([]);
  });

  it('has clients send each second while somebody looks, and less often afterwards', async () => {
    const collector = await theatre.collector();
    const queue = theatre.queues.open(collector.queue, { access: 'write' });
    await until('clients send every 5 s', () => queue.mark === 5_000);
    const page = await theatre.open(collector.url);
    await until('clients send each second', () => queue.mark === 1_000);
    await page.close();
    await until('clients send every 5 s again', () => queue.mark === 5_000);
  });

  it('has requests by route, errors, page views, counters, what is new, and its own health on the first screen', async () => {
    const collector = await theatre.collector();
    const app = theatre.app(collector);
    const request = (route, status, ms) => [
      'timing',
      'http.request',
      ms,
      { tags: { method: 'get', route, status } },
    ];
    await app.record(
      request('/articles/:sku', '2xx', 12),
      request('/articles/:sku', '5xx', 900),
      request('/cart', '2xx', 5),
      ['increment', 'website.pageviews', { tags: { route: '/cart' } }],
      ['increment', 'orders'],
    );
    const page = await theatre.open(collector.url);
    const routes = page.getByRole('table', { name: 'Requests by route' });
    await routes.getByRole('row', { name: '/articles/:sku' }).waitFor();
    await eventually(async () => {
      const text = await routes.getByRole('row', { name: '/articles/:sku' }).textContent();
      expect(text).to.include('50.00 %');
    });
    await page
      .getByRole('table', { name: 'Page views by route' })
      .getByRole('row', { name: '/cart' })
      .waitFor();
    await page
      .getByRole('table', { name: 'Counters by rate' })
      .getByRole('row', { name: 'orders' })
      .waitFor();
    await page.getByText('Held here').waitFor();

    await page.getByRole('button', { name: 'p95' }).click();
    await eventually(async () => {
      const names = await routes.locator('tbody th').allTextContents();
      expect(names).to.deep.equal(['/articles/:sku', '/cart']);
    });
    await page.getByRole('button', { name: 'p95' }).click();
    await eventually(async () => {
      const names = await routes.locator('tbody th').allTextContents();
      expect(names).to.deep.equal(['/cart', '/articles/:sku']);
    });
    expect(new URL(page.url()).hash).to.equal('#/?sort=p95');

    await app.record(['increment', 'refunds']);
    await page.getByRole('heading', { name: 'New since you opened this page' }).waitFor();
    await page.getByRole('list').getByRole('link', { name: 'refunds' }).waitFor();
    expect(page.problems).to.deep.equal([]);
  });

  it('finds by words, groups by a tag, opens a chart, splits it, and keeps all that in its address', async () => {
    const collector = await theatre.collector();
    const app = theatre.app(collector);
    await app.record(
      ['increment', 'orders', { tags: { method: 'card', shop: '1' } }],
      ['increment', 'orders', { tags: { method: 'bill', shop: '1' } }],
      ['timing', 'checkout', 120, { tags: { shop: '1' } }],
    );
    const page = await theatre.open(`${collector.url}#/metrics`);
    await page.locator('.row', { hasText: 'checkout' }).waitFor();
    await page.getByLabel('Search').fill('ORDERS bill');
    await until('only one is listed', async () => (await page.locator('.rows .name').count()) === 1);
    expect(await page.locator('.rows .name').textContent())
      .to.include('orders · method=bill')
      .and.include('shop=1');
    // A group that is all that was found is open, and can be closed.
    await page.getByLabel('Search').fill('orders');
    await until('both are listed', async () => (await page.locator('.inner .name').count()) === 2);
    await page.getByRole('button', { name: 'Series of orders' }).click();
    await until('the group is closed', async () => (await page.locator('.inner .name').count()) === 0);
    await page.getByLabel('Search').fill('');
    await page.getByLabel('Group by').selectOption('method');
    await page.getByRole('button', { name: 'Series of method=card' }).click();
    await page.locator('.inner', { hasText: 'orders' }).waitFor();
    await page.getByLabel('Group by').selectOption('');
    await page.getByRole('link', { name: 'orders' }).first().click();

    await page.getByRole('heading', { name: 'orders' }).waitFor();
    await page.getByRole('img', { name: /orders: rate over time/ }).waitFor();
    await page.getByLabel('Split by').selectOption('method');
    const legend = page.getByRole('table', { name: 'Lines of the chart' });
    await legend.getByRole('row', { name: 'card' }).waitFor();
    await page.getByLabel('Compare').check();
    await legend.getByRole('row', { name: 'bill, 10 min before' }).waitFor();
    const { hash } = new URL(page.url());
    expect(hash).to.equal('#/metric?name=orders&kind=counter&by=method&compare=1');
    await page.reload();
    await legend.getByRole('row', { name: 'bill, 10 min before' }).waitFor();
    await legend.getByRole('link', { name: 'card', exact: true }).click();
    await page.getByRole('button', { name: 'Without method=card' }).waitFor();
    await page.goBack();
    await legend.getByRole('row', { name: 'bill, 10 min before' }).waitFor();
    expect(page.problems).to.deep.equal([]);
  });

  it('copies a chart as PromQL, as Graphite target and as CSV', async () => {
    const collector = await theatre.collector();
    await theatre.app(collector).record(['increment', 'orders', { tags: { method: '=card' } }]);
    const page = await theatre.open(`${collector.url}#/metric?name=orders&kind=counter&by=method`, {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await page.getByRole('row', { name: '=card' }).waitFor();
    const copied = async (as) => {
      await page.getByRole('button', { name: `Copy as ${as}` }).click();
      await page.getByRole('button', { name: 'Copied' }).waitFor();
      const text = await page.evaluate(() => navigator.clipboard.readText());
      await page.getByRole('button', { name: `Copy as ${as}` }).waitFor();
      return text;
    };
    expect(await copied('PromQL')).to.equal('sum by (method) (rate(orders_total[1m]))');
    expect(await copied('Graphite')).to.equal(
      "groupByTags(seriesByTag('name=counters.orders.rate'), 'sum', 'method')",
    );
    expect(await copied('CSV')).to.match(/^time,method==card rate\n(?:\d{4}-\d\d-\d\dT[\d:.]+Z,[\d.]*\n)*$/);
  });

  it('pauses, and goes on with what came meanwhile', async () => {
    const collector = await theatre.collector();
    const app = theatre.app(collector);
    await app.record(['gauge', 'level', 1]);
    const page = await theatre.open(`${collector.url}#/metrics`);
    const value = page.locator('.row', { hasText: 'level' }).locator('.now');
    await until('1 is shown', async () => (await value.textContent()) === '1');
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('Paused', { exact: true }).waitFor();
    await app.record(['gauge', 'level', 2], ['increment', 'later']);
    await until('the collector has it', async () => {
      const { metrics } = await (await fetch(`${collector.url}api/v1/metrics?search=level`)).json();
      return metrics[0].now[0] === 2;
    });
    expect(await value.textContent()).to.equal('1');
    await page.getByRole('button', { name: 'Pause' }).click();
    await until('2 is shown', async () => (await value.textContent()) === '2');
    await page.locator('.row', { hasText: 'later' }).waitFor();
  });

  it('says that the connection is lost, and that the collector has begun again', async () => {
    const first = await theatre.collector();
    const app = theatre.app(first);
    await app.record(['gauge', 'level', 1]);
    const page = await theatre.open(`${first.url}#/metrics`);
    await page.locator('.row', { hasText: 'level' }).waitFor();
    await first.program.kill('SIGKILL');
    await page.getByText('No connection', { exact: true }).waitFor();
    await page.getByText('The connection to the collector was lost').waitFor();
    // What was there last stays in sight.
    expect(await page.locator('.row', { hasText: 'level' }).count()).to.equal(1);
    await theatre.collector(first);
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByText('The collector was started again, and its history with it').waitFor();
    await until(
      'the old metric has gone',
      async () => (await page.locator('.row', { hasText: 'level' }).count()) === 0,
    );
    await app.record(['gauge', 'pressure', 2]);
    await page.locator('.row', { hasText: 'pressure' }).waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    expect(await page.getByText('was started again').count()).to.equal(0);
  });

  it('shows each client, with what became of its samples, and what it has refused', async () => {
    const collector = await theatre.collector();
    const [one, other] = [theatre.app(collector), theatre.app(collector)];
    await one.record(['increment', 'orders'], ['increment', '']);
    await other.record(['increment', 'orders']);
    const page = await theatre.open(`${collector.url}#/clients`);
    const table = page.getByRole('table', { name: 'Clients and what became of their samples' });
    for (const { program } of [one, other])
      await table.getByText(String(program.child.pid), { exact: true }).waitFor();
    await page.getByText('How complete their samples are: 100.00 % of 2 clients').waitFor();
    await page.getByText(`page-app, pid ${one.program.child.pid}: a name is empty: ""`).waitFor();
    await page.goto(`${collector.url}#/metric?name=orders`);
    await page.getByText('How complete this is: 100.00 % of 2 clients').waitFor();
    expect(page.problems).to.deep.equal([]);
  });

  it('is used by keyboard', async () => {
    const collector = await theatre.collector();
    await theatre.app(collector).record(['gauge', 'alpha', 1], ['gauge', 'beta', 2], ['gauge', 'gamma', 3]);
    const page = await theatre.open(`${collector.url}#/metrics`);
    await page.locator('.row', { hasText: 'gamma' }).waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement.textContent)).to.equal('Skip to the metrics');
    await page.getByLabel('Search').focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement.className)).to.equal('scroller');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(await page.evaluate(() => document.activeElement.textContent)).to.include('beta');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'alpha' }).waitFor();
    expect(await page.evaluate(() => document.activeElement.id)).to.equal('main');
  });

  it('fits a phone, and asks nobody else for anything', async () => {
    const collector = await theatre.collector();
    const name = `${'a.name.that.is.rather.long.'.repeat(8)}end`;
    await theatre
      .app(collector)
      .record(
        ['increment', name],
        [
          'timing',
          'http.request',
          5,
          { tags: { method: 'get', route: `/${'segment/'.repeat(12)}`, status: '2xx' } },
        ],
      );
    await until('the metric has come', async () => {
      const found = await fetch(`${collector.url}api/v1/metrics?search=rather`);
      return (await found.json()).matching > 0;
    });
    const page = await theatre.open(collector.url, { viewport: { width: 360, height: 740 }, hasTouch: true });
    for (const hash of ['#/', '#/metrics', `#/metric?name=${name}`, '#/clients']) {
      await page.goto(collector.url + hash);
      await page.getByText('Live', { exact: true }).waitFor();
      const [wide, visible] = await page.evaluate(() => [
        document.documentElement.scrollWidth,
        window.innerWidth,
      ]);
      expect(wide, hash).to.be.at.most(visible);
    }
    for (const url of page.requests) expect(new URL(url).origin).to.equal(new URL(collector.url).origin);
    expect(page.problems).to.deep.equal([]);
  });
});
