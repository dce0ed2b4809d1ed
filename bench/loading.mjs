// CPU time and memory that loading takes, in processes of their own in turn: `require` of the packages as they are published, packed now,
// and of hot-shots, in the same run. `--json` prints the figures for machines.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROUNDS = 41;
const PACKAGES = ['core', 'mqueue', 'decorators', 'express', 'fastify'];
const ROOT = join(import.meta.dirname, '..');

/** The lower quartile, since other programs of the machine only add. */
const quartile = (values) => values.toSorted((a, b) => a - b)[values.length >> 2];

function install(folder) {
  const modules = join(folder, 'node_modules');
  for (const name of PACKAGES) {
    const from = join(ROOT, 'packages', name);
    const target = join(folder, name);
    execFileSync(process.execPath, [join(ROOT, 'scripts/pnpm.mjs'), 'pack', '--pack-destination', target], {
      cwd: from,
    });
    const at = join(modules, '@afstatsd', name);
    mkdirSync(at, { recursive: true });
    execFileSync('tar', ['-xzf', join(target, readdirSync(target)[0]), '-C', at, '--strip-components=1']);
  }
  const link = (name, by) => {
    const [at] = createRequire(join(ROOT, by, 'package.json'))
      .resolve(name)
      .split(`/node_modules/${name}/`);
    symlinkSync(join(at, 'node_modules', name), join(modules, name));
  };
  link('reflect-metadata', 'packages/decorators');
  link('fastify-plugin', 'packages/fastify');
  link('hot-shots', 'bench');
}

/** @returns ms of CPU and MB of memory of a process that requires this, or nothing. */
function load(folder, id) {
  const program = `${id && `require('${id}');`}
    const { userCPUTime, systemCPUTime } = process.resourceUsage();
    console.log(JSON.stringify({ cpu: (userCPUTime + systemCPUTime) / 1e3, rss: process.memoryUsage().rss / 1e6 }));`;
  const env = { PATH: process.env.PATH };
  return JSON.parse(execFileSync(process.execPath, ['-e', program], { cwd: folder, env, encoding: 'utf8' }));
}

const folder = mkdtempSync(join(tmpdir(), 'afstatsd-loading-'));
try {
  install(folder);
  const ids = [
    '',
    'hot-shots',
    ...['core', 'decorators', 'express', 'fastify'].map((name) => `@afstatsd/${name}`),
  ];
  const seen = Object.fromEntries(ids.map((id) => [id, []]));
  for (let round = 0; round < ROUNDS; round++) for (const id of ids) seen[id].push(load(folder, id));
  const figures = ids.map((id) => ({
    what: id || 'nothing',
    cpu: quartile(seen[id].map(({ cpu }) => cpu)),
    rss: quartile(seen[id].map(({ rss }) => rss)),
  }));
  const peer = figures.find(({ what }) => what === 'hot-shots');
  const beside = figures.map((one) => ({
    ...one,
    cpuRatio: one.cpu / peer.cpu,
    rssRatio: one.rss / peer.rss,
  }));
  if (process.argv.includes('--json')) console.log(JSON.stringify(beside));
  else {
    console.log(`a process that requires it, lower quartile of ${ROUNDS}; beside hot-shots`);
    for (const { what, cpu, rss, cpuRatio, rssRatio } of beside)
      console.log(
        `${what.padEnd(22)} ${cpu.toFixed(1).padStart(6)} ms ${cpuRatio.toFixed(2)}×  ${rss.toFixed(1).padStart(6)} MB ${rssRatio.toFixed(2)}×`,
      );
    const core = beside.find(({ what }) => what === '@afstatsd/core');
    const met = core.cpuRatio <= 1.2 && core.rssRatio <= 1.2;
    console.log(
      `${met ? 'met' : 'MISSED'}: core takes at most 1.2 times the CPU and the memory of hot-shots`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
