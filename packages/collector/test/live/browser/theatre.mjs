// A collector with a page, an app that records through a real queue, and a real browser that looks.
import { fileURLToPath } from 'node:url';
import { findBrowser, freePort, need, useCleanup, usePrograms, useQueues } from '@afstatsd/testing';
import { chromium } from 'playwright-core';

const dist = (path) => fileURLToPath(new URL(`../../../dist/${path}`, import.meta.url));
const MAIN = dist('src/main.js');
const APP = dist('test/programs/page-app.js');

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-sync',
];
/** As long as `until` waits: on a busy machine everything takes long. In ms. */
const LONG_MS = 60_000;

/** To be called in a `describe`. */
export function useTheatre() {
  const programs = usePrograms();
  const queues = useQueues();
  const later = useCleanup();
  let browser;

  before(async function () {
    need(this, 'browser');
    browser = await chromium.launch({ executablePath: findBrowser(), args: ARGS, headless: true });
  });
  after(() => browser?.close());

  return {
    queues,
    /** Starts a collector, at a port and with a queue of its own unless they are given. */
    async collector({ port, queue = queues.newName(), args = [] } = {}) {
      const at = port ?? (await freePort());
      const inputs = ['--queue', queue, '--udp', 'off'];
      const program = programs.node([MAIN, ...inputs, '--json', '--page', `127.0.0.1:${at}`, ...args]);
      await program.printed('collector: ready');
      return { program, port: at, queue, url: `http://127.0.0.1:${at}/` };
    },
    /** Starts an app. `record(['increment', 'orders'], …)` resolves when it has recorded all of these. */
    app({ queue }) {
      const program = programs.node([APP, queue]);
      return {
        program,
        async record(...calls) {
          program.child.send(calls);
          await program.message();
        },
      };
    },
    /** Opens a page in a context of its own. Whatever goes wrong in it is in `problems`, and each request in `requests`. */
    async open(url, options = {}) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
      later(() => context.close());
      const page = await context.newPage();
      page.setDefaultTimeout(LONG_MS);
      const [problems, requests] = [[], []];
      page.on('pageerror', (error) => problems.push(error.message));
      page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
      page.on('dialog', (dialog) => {
        problems.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      page.on('request', (request) => requests.push(request.url()));
      await page.goto(url);
      return Object.assign(page, { problems, requests });
    },
  };
}
