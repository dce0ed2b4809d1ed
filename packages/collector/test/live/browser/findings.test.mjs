// What the page says of an app that has trouble.
import { fileURLToPath } from 'node:url';
import { until, usePrograms } from '@afstatsd/testing';
import { expect } from 'chai';
import { useTheatre } from './theatre.mjs';

const APP = fileURLToPath(new URL('../../../dist/test/programs/findings-app.js', import.meta.url));

describe('the findings on the page', () => {
  const theatre = useTheatre();
  const programs = usePrograms();

  it('are the N+1 query, the metric that explodes and the call that blocks, each with its line of code', async () => {
    const collector = await theatre.collector();
    const page = await theatre.open(collector.url);
    await page.getByRole('link', { name: 'Findings' }).click();
    await page.getByText('Nothing was found.').waitFor();
    programs.node([APP, collector.queue]);
    const place = /findings-app\.js:\d+:\d+/;
    const expected = {
      'Things that run often in one request': ['db.product', '/orders'],
      'Metrics whose tags grow': ['cart.opened', 'its tag "cart"'],
      'Calls that hold the event loop': ['report'],
    };
    for (const [name, texts] of Object.entries(expected)) {
      const row = page.getByRole('table', { name }).locator('tbody tr').first();
      await row.waitFor();
      await until(`${name}: the row has its place`, async () => place.test(await row.textContent()));
      for (const text of texts) expect(await row.textContent()).to.include(text);
    }
    expect(page.problems).to.deep.equal([]);
    await page.getByRole('link', { name: 'db.product' }).click();
    await page.getByRole('heading', { name: /http\.request\.calls/ }).waitFor();
    expect(page.problems).to.deep.equal([]);
  });
});
