// examples/nextjs, built and run as its users do: without configuration, and as a standalone output that was moved.
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { itLong, Totals, freePort, until, usePrograms, useQueues, useDirectories } from '@afstatsd/testing';
import { expect } from 'chai';
import { needFromNpm } from '../faults/from-npm.mjs';
import { project } from './from-npm.mjs';

const EXAMPLE = join(import.meta.dirname, '../../examples/nextjs');
const { dependencies, devDependencies } = JSON.parse(readFileSync(join(EXAMPLE, 'package.json'), 'utf8'));
const { '@afstatsd/core': _ours, ...others } = { ...dependencies, ...devDependencies };

/** How long a build may take, in ms: one that takes half a minute alone takes five on a machine with thirty processes at work. */
const BUILD_MS = 590_000;

/** With webpack the standalone output has to be told of koffi's package for the platform, as docs/runtimes.md says. */
const WEBPACK_CONFIG = `export default {
  output: 'standalone',
  serverExternalPackages: ['@afstatsd/core'],
  outputFileTracingIncludes: { '/*': ['./node_modules/@koromix/koffi-*/**'] },
};
`;

describe('runtimes: Next.js', function () {
  this.timeout(2 * BUILD_MS);
  needFromNpm(`Next.js ${others.next}`, () => project('nextjs', others));
  const programs = usePrograms();
  const queues = useQueues();
  const directory = useDirectories();

  /** Copies the example, without its configuration if it is to have none. */
  async function copy({ configured }) {
    const folder = await project('nextjs', others);
    for (const file of ['app', 'lib', '.next', 'next.config.ts'])
      rmSync(join(folder, file), { recursive: true, force: true });
    for (const file of ['app', 'lib', 'instrumentation.ts', 'tsconfig.json'])
      cpSync(join(EXAMPLE, file), join(folder, file), { recursive: true });
    if (configured) cpSync(join(EXAMPLE, 'next.config.ts'), join(folder, 'next.config.ts'));
    return { folder, next: join(folder, 'node_modules/next/dist/bin/next') };
  }

  /** Copies the example, and builds it. */
  async function build({ configured, bundler }) {
    const { folder, next } = await copy({ configured });
    if (bundler === 'webpack') writeFileSync(join(folder, 'next.config.ts'), WEBPACK_CONFIG);
    const args = [next, 'build', folder, ...(bundler === 'webpack' ? ['--webpack'] : [])];
    const built = programs.node(args, { env: { NEXT_TELEMETRY_DISABLED: '1' }, longestMs: BUILD_MS });
    expect(await built.exit(), built.stdout + built.stderr).to.equal(0);
    expect(built.stdout + built.stderr).not.to.match(/warning/i);
    return { folder, next };
  }

  /** Starts the server, asks for a page and a route, places an order, ends it by SIGTERM, and reads the queue. */
  async function visit(args, mode = 'production') {
    const queue = queues.make();
    const port = await freePort();
    const server = programs.node(args(port), {
      env: {
        AFSTATSD_URL: queue.url,
        PORT: String(port),
        HOSTNAME: '127.0.0.1',
        NODE_ENV: mode,
        NEXT_TELEMETRY_DISABLED: '1',
      },
      longestMs: BUILD_MS,
      detached: true,
    });
    const url = `http://127.0.0.1:${port}`;
    let page;
    await until('it listens', async () => {
      if (!server.isRunning) throw new Error(server.stdout + server.stderr);
      page ??= await fetch(url).then(
        (answer) => answer.text(),
        () => undefined,
      );
      return page !== undefined;
    });
    expect(page).to.include('Order a book');
    expect(await (await fetch(`${url}/api/orders/7`)).json()).to.deep.equal({ id: 7 });
    expect((await fetch(`${url}/api/orders/x`)).status).to.equal(404);
    const form = new FormData();
    for (const [, name, value = ''] of page.matchAll(
      /<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?/g,
    ))
      form.append(name, value.replaceAll('&quot;', '"'));
    expect((await fetch(url, { method: 'POST', body: form })).status).to.be.below(400);
    await server.kill('SIGTERM');
    // `next dev` is the parent of the server, and may end first.
    const texts = [];
    await until('all has arrived', () => {
      texts.push(...queue.readAll().map(({ text }) => text));
      const { counters, timers } = Totals.of(texts);
      return counters.has('shop.orders#kind:book') && timers.has('shop.action.order');
    });
    return { totals: Totals.of(texts), stderr: server.stderr };
  }

  function expectAll({ totals: { counters, gauges, timers }, stderr }) {
    expect(stderr.split('\n').filter((line) => line.includes('afstatsd:'))).to.deep.equal([]);
    expect(counters.get('shop.orders#kind:book')).to.equal(1);
    expect(counters.get('shop.visits')).to.be.at.least(1);
    expect([...gauges.keys()].join()).to.include('shop.memory.heap');
    const counts = [...timers].map(([name, { count }]) => [name, count]);
    expect(Object.fromEntries(counts)).to.include({
      'shop.http.request#method:get,route:/api/orders/[id],status:2xx': 1,
      'shop.http.request#method:get,route:/api/orders/[id],status:4xx': 1,
      'shop.action.order': 1,
    });
  }

  it('builds without configuration, uses the queue, has one client for all, and delivers at SIGTERM', async () => {
    const { folder, next } = await build({ configured: false });
    expectAll(await visit((port) => [next, 'start', folder, '-p', String(port)]));
  });

  itLong('runs in development, without a build and without configuration', async () => {
    const { folder, next } = await copy({ configured: false });
    expectAll(await visit((port) => [next, 'dev', folder, '-p', String(port)], 'development'));
  });

  itLong('has the queue in a standalone output, also after it was moved', async () => {
    const { folder } = await build({ configured: true });
    const moved = join(directory(), 'standalone');
    cpSync(join(folder, '.next/standalone'), moved, { recursive: true, verbatimSymlinks: true });
    expectAll(await visit(() => [join(moved, 'server.js')]));
  });

  itLong('builds with webpack, and uses the queue', async () => {
    const { folder } = await build({ configured: true, bundler: 'webpack' });
    expectAll(await visit(() => [join(folder, '.next/standalone/server.js')]));
  });
});
