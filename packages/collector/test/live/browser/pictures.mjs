// Makes the pictures of the collector's live page in docs/, from the running demo: node packages/collector/test/live/browser/pictures.mjs [seconds]
//
// Needs a build, and Chromium. The shop is open for 150 seconds before, so that lines have a length.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findBrowser } from '@afstatsd/testing';
import { chromium } from 'playwright-core';

const root = join(import.meta.dirname, '../../../../..');
const [seconds = '150'] = process.argv.slice(2);
const OVERVIEW = '#/';
const CHART = '#/metric?name=http.request&kind=timer&by=route';
const PICTURES = [
  { file: 'live-page-wide.png', hash: OVERVIEW, width: 1280, height: 1120, colorScheme: 'light' },
  { file: 'live-page-phone.png', hash: OVERVIEW, width: 390, height: 1000, colorScheme: 'dark' },
  { file: 'live-page-chart.png', hash: CHART, width: 1280, height: 960, colorScheme: 'dark' },
];

/** The address of the page, which the demo says. Rejects if it ends before. */
function addressIn(demo) {
  let text = '';
  return new Promise((resolve, reject) => {
    demo.once('exit', () => reject(new Error(`the demo ended without a page: ${text}`)));
    demo.stdout.setEncoding('utf8').on('data', (chunk) => {
      text = (text + chunk).slice(-10_000);
      const found = /^ {2}(http:\/\/\S+\/)$/m.exec(text);
      if (found) resolve(found[1]);
    });
  });
}

const demo = spawn(process.execPath, [join(root, 'examples/shop/dist/src/main.js'), '--forever'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const browser = await chromium.launch({ executablePath: findBrowser(), args: ['--no-sandbox'] });
try {
  const address = await addressIn(demo);
  await delay(Number(seconds) * 1000);
  for (const { file, hash, width, height, colorScheme } of PICTURES) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme });
    await page.goto(address + hash);
    await page.getByText('Live', { exact: true }).waitFor();
    await page.locator('.spark path[d], .chart canvas').first().waitFor({ state: 'attached' });
    await delay(2_000); // two ticks, so that everything has its number
    await page.screenshot({ path: join(root, 'docs', file) });
    await page.close();
    console.log(`docs/${file}`);
  }
} finally {
  await browser.close();
  demo.kill('SIGINT');
  await once(demo, 'exit');
}
