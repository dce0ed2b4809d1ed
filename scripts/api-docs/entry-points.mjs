import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What the published packages offer to importers, by the `exports` of each package.json.
 *
 * @returns For each entry point its `specifier`, as in `@afstatsd/core/http`, and the `source` file that it is made of.
 */
export function entryPoints(root) {
  return readdirSync(join(root, 'packages')).flatMap((name) => {
    const folder = join(root, 'packages', name);
    // What a branch that had another package has left behind.
    if (!existsSync(join(folder, 'package.json'))) return [];
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    if (manifest.private) return [];
    return Object.entries(manifest.exports)
      .filter(([, target]) => target.types !== undefined)
      .map(([path, { types }]) => ({
        specifier: manifest.name + path.slice(1),
        source: join(folder, sourceOf(folder, types)),
      }));
  });
}

/** The source of a declaration file. One that is written by hand hands on what is in the one that it imports. */
function sourceOf(folder, types) {
  const emitted = types.startsWith('./dist/') ? types : importedBy(join(folder, types));
  return emitted.replace('./dist/', '').replace(/(\.d\.ts)?$/, '.ts');
}

function importedBy(file) {
  const [, emitted] = /from ['"](\.\/dist\/[^'"]+)\.js['"]/.exec(readFileSync(file, 'utf8')) ?? [];
  if (emitted === undefined)
    throw new Error(`${file} imports nothing from ./dist, so its source isn't known`);
  return emitted;
}
