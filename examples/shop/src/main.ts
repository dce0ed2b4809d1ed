// npm run demo: a shop of two services that record metrics, visitors, the collector that takes and shows the metrics, and at
// the end what was recorded beside what the collector counted.
import { setTimeout as delay } from 'node:timers/promises';
import { type Options, readArguments, USAGE } from '#arguments';
import { Collector } from './demo/collector.js';
import { compareLedgers, compareMetrics } from './demo/compare.js';
import { Forwarded } from './demo/forwarded.js';
import { freeTcpPort } from './demo/free-port.js';
import { exitCode, report } from './demo/report.js';
import { findRoute } from './demo/route.js';
import { ServiceProcess } from './demo/service-process.js';
import { Visitors } from './traffic/visitors.js';

/** Between two flushes, of the services and of the collector alike. */
const INTERVAL = '1s';
const HOST = '127.0.0.1';

/** Resolves when the user asks for the end; asking again changes nothing. */
async function askedToEnd(): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => resolve());
  });
}

/** A visit may have failed because a program had ended: then that is what there is to say. */
async function reasonFor(failed: Promise<never>, ended: Promise<never>): Promise<never> {
  try {
    return await failed;
  } catch (error) {
    await Promise.race([ended, delay(1000)]);
    throw error;
  }
}

async function run({ duration }: Options): Promise<number> {
  const began = performance.now();
  const asked = askedToEnd();
  const started: { kill(): void }[] = [];
  const route = await findRoute();
  const start = (name: string, added: NodeJS.ProcessEnv = {}): ServiceProcess => {
    const variables = {
      AFSTATSD_URL: route.url,
      AFSTATSD_INTERVAL: INTERVAL,
      AFSTATSD_SERVICE: name,
      ...added,
    };
    const service = new ServiceProcess(name, require.resolve(`./${name}/main.js`), variables);
    started.push(service);
    return service;
  };
  try {
    const forwarded = await Forwarded.listen();
    const prometheus = `${HOST}:${await freeTcpPort(HOST)}`;
    const outputs = ['--console', '--forward', forwarded.url, '--prometheus', prometheus];
    const collector = await Collector.start([...route.flags, '--interval', INTERVAL, ...outputs]);
    started.push(collector);

    const inventory = start('inventory');
    const inventoryUrl = await inventory.listening();
    const storefront = start('storefront', { INVENTORY: inventoryUrl });
    const storefrontUrl = await storefront.listening();

    const until = duration === Infinity ? 'until Ctrl-C' : `for ${duration / 1000} s (Ctrl-C ends it early)`;
    console.log(`
A shop is open ${until}. Opening it took ${((performance.now() - began) / 1000).toFixed(1)} s.
  storefront  ${storefrontUrl}  (Express, process ${storefront.pid})
  inventory   ${inventoryUrl}  (Fastify, process ${inventory.pid})
  Prometheus  http://${prometheus}/metrics
Their metrics go to ${route.description}, to the collector, process ${collector.pid}.
`);

    const visitors = new Visitors(storefrontUrl, inventoryUrl);
    const ended = Promise.race([collector.failed, inventory.failed, storefront.failed]);
    const failed = Promise.race([ended, reasonFor(visitors.failed, ended)]);
    visitors.come();
    const time = duration === Infinity ? [] : [delay(duration)];
    await Promise.race([asked, failed, ...time]);
    await Promise.race([visitors.leave(), failed]);
    const [shop, invoices] = await Promise.race([storefront.end(), collector.failed]);
    const [stock] = await Promise.race([inventory.end(), collector.failed]);
    await collector.end();
    const counted = await forwarded.all();

    const ledgers = [
      { client: 'storefront', stats: shop! },
      { client: "storefront's worker thread", stats: invoices! },
      { client: 'inventory', stats: stock! },
    ];
    const rows = [
      ...compareMetrics(visitors.happened.tally, counted.tally),
      ...compareLedgers(ledgers, counted),
    ];
    console.log(`\n${report(rows)}`);
    return exitCode(rows);
  } finally {
    for (const program of started) program.kill();
    route.close();
  }
}

async function main(): Promise<void> {
  let options: Options;
  try {
    options = readArguments(process.argv.slice(2));
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exitCode = 2;
    return;
  }
  if (options.help) {
    console.log(USAGE);
    return;
  }
  // Timers and listeners that are left have nothing more to do.
  process.exit(await run(options));
}

main().catch((error: unknown) => {
  console.error('The demo failed:', error);
  process.exit(1);
});
