// Installs the tarballs into an empty project, in each way in which people install packages: npm, pnpm, yarn 1, and yarn 4, with
// node_modules and with Plug'n'Play. pnpm and Plug'n'Play are set to be strict, so that a package finds nothing but what its
// manifest names. No install scripts run. The short form has npm, and pnpm as a strict one.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { attempt } from './checks.mjs';
import { LONG } from './form.mjs';

const workspace = join(import.meta.dirname, '../../package.json');
const { packageManager: pnpm } = JSON.parse(readFileSync(workspace, 'utf8'));

/**
 * Each writes what it needs beside package.json into a project, and says how it is called there. `overrides` make a package's
 * own dependencies on the others the tarballs, too.
 */
const managers = [
  {
    title: 'npm',
    prepare: (_project, overrides) => ({ overrides }),
    command: ['npm', 'install', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund'],
  },
  {
    title: 'pnpm',
    prepare(project, overrides) {
      const settings = { packages: ['.'], overrides, hoist: false };
      // JSON is YAML, too.
      writeFileSync(join(project, 'pnpm-workspace.yaml'), JSON.stringify(settings));
      return {};
    },
    command: npx(pnpm, 'install', '--prefer-offline', '--ignore-scripts', '--no-frozen-lockfile'),
  },
  {
    title: 'yarn 1',
    prepare: (_project, resolutions) => ({ resolutions }),
    command: npx(
      'yarn@1.22.22',
      'install',
      '--prefer-offline',
      '--ignore-scripts',
      // It refuses what names later versions of Node.js than this one, and Fastify depends on such a package.
      '--ignore-engines',
      '--non-interactive',
      '--no-lockfile',
    ),
  },
  {
    title: 'yarn 4',
    prepare: (project, resolutions) => prepareYarn4(project, resolutions, 'node-modules'),
    command: npx('@yarnpkg/cli-dist@4.18.1', 'install'),
  },
  {
    title: "yarn 4, Plug'n'Play",
    plugAndPlay: true,
    prepare(project, resolutions, installed) {
      const manifest = prepareYarn4(project, resolutions, 'pnp');
      // It resolves versions once: that is most of the time that it takes.
      if (installed['yarn 4'])
        copyFileSync(join(installed['yarn 4'], 'yarn.lock'), join(project, 'yarn.lock'));
      return manifest;
    },
    command: npx('@yarnpkg/cli-dist@4.18.1', 'install'),
  },
];

function npx(...args) {
  return ['npx', '--yes', ...args];
}

function prepareYarn4(project, resolutions, nodeLinker) {
  // It doesn't read npm's settings.
  const registry = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim();
  const settings = {
    nodeLinker,
    pnpFallbackMode: 'none',
    enableScripts: false,
    enableTelemetry: false,
    enableImmutableInstalls: false,
    npmRegistryServer: registry,
    unsafeHttpWhitelist: [new URL(registry).hostname],
  };
  writeFileSync(join(project, '.yarnrc.yml'), JSON.stringify(settings));
  writeFileSync(join(project, 'yarn.lock'), ''); // here is a project, whatever is above
  return { resolutions };
}

/**
 * @param tarballs - the path of each package's, by its name.
 * @param others - versions of other packages, by their names.
 * @returns for each manager `{ title, project, nodeOptions }`; without a project if the installation failed.
 */
export function installAll(scratch, tarballs, others) {
  const files = Object.fromEntries(Object.entries(tarballs).map(([name, path]) => [name, `file:${path}`]));
  const installed = {};
  return managers.slice(0, LONG ? managers.length : 2).map((manager, index) => {
    const { title, plugAndPlay } = manager;
    const project = join(scratch, `project-${index}`);
    mkdirSync(project);
    const manifest = { name: 'project', private: true, dependencies: { ...files, ...others } };
    Object.assign(manifest, manager.prepare(project, files, installed));
    writeFileSync(join(project, 'package.json'), JSON.stringify(manifest));
    const [program, ...args] = manager.command;
    const output = attempt(`${title}: installs the tarballs`, program, args, { cwd: project });
    if (output === undefined) return { title };
    installed[title] = project;
    return { title, project, nodeOptions: plugAndPlay ? loadersOf(project) : '' };
  });
}

/** What `yarn node` sets. */
function loadersOf(project) {
  const loader = pathToFileURL(join(project, '.pnp.loader.mjs'));
  return `--require "${join(project, '.pnp.cjs')}" --experimental-loader ${loader.href}`;
}
