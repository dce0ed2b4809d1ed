// The code blocks of README.md and of the packages' READMEs run in a project that has the packages from their tarballs.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from '../../test/markdown.mjs';
import { attempt, check } from './checks.mjs';
import { cleanEnvironment } from './environment.mjs';

const root = join(import.meta.dirname, '../..');
const tsc = fileURLToPath(new URL('bin/tsc', import.meta.resolve('typescript/package.json')));
const typeRoots = [dirname(dirname(fileURLToPath(import.meta.resolve('@types/node/package.json'))))];

/** @param folders - of the packages. */
export function readReadmes(folders) {
  const files = ['README.md', ...folders.map((folder) => join('packages', folder, 'README.md'))];
  return files.flatMap((file) =>
    parse(readFileSync(join(root, file), 'utf8'))
      .blocks.filter(({ language, words }) => ['js', 'ts'].includes(language) && !words.startsWith('norun'))
      .map((block) => {
        const kind = /^import\s/m.test(block.code) ? 'm' : 'c';
        const name = `${file.replaceAll(/\W/g, '_')}_line_${block.line}`;
        const program = block.language === 'ts' ? `out/${name}.${kind}js` : `${name}.${kind}js`;
        return {
          ...block,
          title: `${file}, line ${block.line}`,
          source: `${name}.${kind}${block.language}`,
          program,
        };
      }),
  );
}

/** The packages that the blocks use beside ours, and those that ours leave to the app, in the versions that the workspace has. */
export function otherPackages(blocks, packages) {
  const specifiers = blocks.flatMap(({ code }) => [...code.matchAll(/(?:from |require\()'([^.'][^']*)'/g)]);
  const names = new Set(
    specifiers.map(([, name]) => name).filter((name) => !/^(node:|@afstatsd\/)/.test(name)),
  );
  for (const { peerDependencies = {} } of packages) {
    for (const name of Object.keys(peerDependencies)) if (name !== 'posix-mq') names.add(name);
  }
  const versionOf = (name) =>
    JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version;
  return Object.fromEntries([...names].map((name) => [name, versionOf(name)]));
}

/**
 * @param compiledIn - a project whose compiled blocks are run, since tsc finds nothing in this one: Plug'n'Play.
 */
export function checkReadmes({ title, project, nodeOptions }, blocks, compiledIn) {
  const folder = join(project, 'readmes');
  mkdirSync(folder);
  for (const { source, code } of blocks) writeFileSync(join(folder, source), code);
  if (compiledIn) cpSync(join(compiledIn, 'readmes/out'), join(folder, 'out'), { recursive: true });
  else compile(title, folder, blocks);

  // No queue and no socket: what is recorded stays in memory.
  const settings = { AFSTATSD_URL: 'memory:', NODE_NO_WARNINGS: '1', NODE_OPTIONS: nodeOptions };
  const options = { cwd: folder, env: cleanEnvironment(settings), timeout: 120_000 };
  for (const { title: block, program, expected } of blocks) {
    const output = attempt(`${title}: ${block} runs`, process.execPath, [program], options);
    if (output === undefined || expected === undefined) continue;
    check(`${title}: ${block} gives what it should`, output.includes(expected), output);
  }
}

function compile(title, folder, blocks) {
  const compilerOptions = { target: 'es2022', lib: ['es2022'], module: 'nodenext', strict: true };
  Object.assign(compilerOptions, {
    skipLibCheck: false,
    types: ['node'],
    typeRoots,
    outDir: 'out',
    rootDir: '.',
  });
  const include = blocks.filter(({ language }) => language === 'ts').map(({ source }) => source);
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include }));
  attempt(`${title}: tsc compiles the blocks`, process.execPath, [tsc, '-p', folder, '--pretty', 'false']);
}
