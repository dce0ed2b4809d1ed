// Five thousand metrics on the collector's page, by the browser's own timings.
//
// The machine may be busy with other tests, and a task is long if another program had the processor. So each bound is tried
// several times, and has to hold once.
import { until } from '@afstatsd/testing';
import { expect } from 'chai';
import { useTheatre } from './theatre.mjs';

const MANY = 5_000;
const LONG_TASK_MS = 100;
const TRIES = 12;
/** For so long tasks are looked at after the list has come: several ticks, and the end of a step. In ms. */
const LOOK_MS = 7_000;

/** Notes long tasks and the first paint, from before the page's own code on. */
function observe() {
  window.seen = { tasks: [] };
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) window.seen.tasks.push([startTime, duration]);
  }).observe({ type: 'longtask', buffered: true });
  new PerformanceObserver((list) => {
    for (const { name, startTime } of list.getEntries())
      if (name === 'first-contentful-paint') window.seen.paint = startTime;
  }).observe({ type: 'paint', buffered: true });
}

describe('the page with 5,000 metrics, in a browser', () => {
  const theatre = useTheatre();

  const filled = async (options) => {
    const collector = await theatre.collector({ args: ['--page-metrics', '10000'], ...options });
    const app = theatre.app(collector);
    const record = (value) =>
      app.record(
        ...Array.from({ length: MANY }, (_, at) => [
          'gauge',
          `service-${at % 50}.metric-${at}`,
          value + at,
          { tags: { shard: at % 20 } },
        ]),
      );
    await record(0);
    await until('the collector has them all', async () => {
      const { matching } = await (await fetch(`${collector.url}api/v1/metrics?limit=0`)).json();
      return matching >= MANY;
    });
    return { collector, record };
  };
  const opened = async (url) => {
    const page = await theatre.open('about:blank');
    await page.addInitScript(observe);
    await page.goto(url);
    await page.getByText('Live', { exact: true }).waitFor();
    await page.waitForFunction(() => window.seen.paint !== undefined);
    return page;
  };

  it('has no task over 100 ms after the first paint, while all of them move, and while somebody searches', async () => {
    const { collector, record } = await filled();
    const longest = [];
    for (let at = 0; at < TRIES; at++) {
      const page = await opened(`${collector.url}#/metrics`);
      await page.getByText('service-0.metric-0', { exact: false }).first().waitFor();
      await record(at + 1);
      await page.getByLabel('Search').pressSequentially('metric-49', { delay: 30 });
      await until('some are found', async () => (await page.locator('.rows .name').count()) > 0);
      await page.locator('.scroller').evaluate((scroller) => scroller.scrollTo(0, 2_000));
      await page.waitForTimeout(LOOK_MS);
      const { tasks, paint } = await page.evaluate(() => window.seen);
      longest.push(Math.max(0, ...tasks.filter(([start]) => start >= paint).map(([, ms]) => ms)));
      await page.close();
      if (longest.at(-1) <= LONG_TASK_MS) break;
    }
    console.log(`      longest task after the first paint: ${longest.map(Math.round).join(', ')} ms`);
    expect(Math.min(...longest)).to.be.at.most(LONG_TASK_MS);
  });

  it('has its first paint within twice the time of an empty page of the same server', async () => {
    const { collector: full } = await filled();
    const empty = await theatre.collector();
    const paints = { full: [], empty: [] };
    const best = (which) => Math.min(...paints[which]);
    for (let at = 0; at < TRIES; at++) {
      for (const [which, { url }] of Object.entries({ empty, full })) {
        const page = await opened(url);
        paints[which].push(await page.evaluate(() => window.seen.paint));
        await page.close();
      }
      if (at >= 2 && best('full') <= 2 * best('empty')) break;
    }
    console.log(
      `      first paint: ${Math.round(best('full'))} ms, of an empty page ${Math.round(best('empty'))} ms`,
    );
    expect(best('full')).to.be.at.most(2 * best('empty'));
  });
});
