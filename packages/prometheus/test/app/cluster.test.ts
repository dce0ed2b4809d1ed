import { join } from 'node:path';
import { type Exposition, type Program, eventually, parseExposition, usePrograms } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';

const APP = join(__dirname, '../programs/cluster-app.js');

interface Begun {
  /** Of the primary and the workers, in the order in which they listen. */
  readonly ports: readonly number[];
  readonly pids: readonly number[];
}

async function pageOf(port: number): Promise<Exposition> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`);
  expect(response.status).to.equal(200);
  return parseExposition(await response.text());
}

/** Samples as `name{label values}`. */
function values({ samples }: Exposition): Record<string, number> {
  return Object.fromEntries(
    samples
      .filter(({ name }) => !name.endsWith('_bucket'))
      .map(({ name, labels, value }) => [`${name}{${Object.values(labels).join()}}`, value]),
  );
}

const EXPECTED = {
  'begun_total{}': 3,
  'orders_total{card}': 2,
  'load_seconds_sum{}': 0.06,
  'load_seconds_count{}': 2,
  'users{}': 2,
  'size{1}': 1,
  'size{2}': 2,
};

describe('the page of a cluster', () => {
  const programs = usePrograms();
  const begin = async (env: NodeJS.ProcessEnv = {}): Promise<[Program, Begun]> => {
    const program = programs.node([APP], { env });
    return [program, (await program.message()) as Begun];
  };

  it('adds up all processes, whichever answers', async () => {
    const [, { ports }] = await begin();
    expect(ports).to.have.length(3);
    for (const port of ports) expect(values(await pageOf(port))).to.deep.equal(EXPECTED);
  });

  it('keeps the totals of a worker that has died, and lets go of its gauges', async () => {
    const [program, { ports, pids }] = await begin();
    expect(values(await pageOf(ports[0]!))).to.deep.equal(EXPECTED);
    process.kill(pids[0]!, 'SIGKILL');
    await program.printed('worker 1 has gone');
    const { 'size{1}': gone, ...rest } = EXPECTED;
    expect(gone).to.equal(1);
    const alive = await eventually(async () => {
      for (const port of ports) {
        const page = await pageOf(port).catch(() => undefined);
        if (page !== undefined) return page;
      }
      throw new Error('nobody answers');
    });
    expect(values(alive)).to.deep.equal(rest);
  });

  it('answers 500 in a worker for which the primary can make no page, and lives on', async () => {
    const [program, { ports }] = await begin({ FLUSH: 'fails' });
    const worker = ports.at(-1)!;
    const refused = await fetch(`http://127.0.0.1:${worker}/metrics`);
    expect(refused.status).to.equal(500);
    expect(await refused.text()).to.include("can't write the metrics: Error: flush on purpose");
    for (const port of ports) expect(values(await pageOf(port))).to.deep.equal(EXPECTED);
    expect(program.stderr).to.equal('');
  });

  it("doesn't wait longer than `timeout` for a worker that stands still, and has its metrics later", async () => {
    const [program, { ports, pids }] = await begin({ PAGE_TIMEOUT: '50' });
    process.kill(pids[1]!, 'SIGSTOP');
    const stopped = ports.map(async (port) => pageOf(port).catch(() => undefined));
    const first = await Promise.race(
      stopped.map(async (page) => (await page) ?? new Promise<never>(() => {})),
    );
    expect(values(first)).to.include({ 'begun_total{}': values(first)['begun_total{}'] });
    process.kill(pids[1]!, 'SIGCONT');
    await eventually(async () => {
      const page = await Promise.any(ports.map(async (port) => pageOf(port)));
      expect(values(page)).to.deep.equal(EXPECTED);
    });
    expect(program.isRunning).to.equal(true);
  });

  it('is 503 in a worker whose primary has none, and says what to do', async () => {
    const [, { ports }] = await begin({ PRIMARY: 'none', PAGE_TIMEOUT: '50' });
    const response = await fetch(`http://127.0.0.1:${ports[0]}/metrics`);
    expect(response.status).to.equal(503);
    expect(await response.text()).to.include('call prometheusPage() there, too');
  });
});
