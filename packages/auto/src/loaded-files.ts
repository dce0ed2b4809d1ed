import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import Module from 'node:module';
import path from 'node:path';
import type { Part } from './part.js';

/** A file of a library, and the versions of the library that this package can record. */
export interface KnownFile {
  /** The package that has it. */
  readonly library: string;
  /** Its path in the package, with slashes. */
  readonly file: string;
  /** Major versions that this package can record. Other versions are left alone, with a warning. */
  readonly majors: readonly number[];
}

/** A file of a library that is changed once it has been loaded. */
export interface LibraryFile extends KnownFile {
  /**
   * Changes what the file exports. It must not replace an export, because other modules may hold it already. An error
   * that it throws becomes a warning.
   *
   * @param exported - `module.exports` of the file.
   */
  readonly change: (exported: unknown) => void;
}

interface Watched extends LibraryFile {
  readonly part: Part;
  /** The end of its path on this system. */
  readonly end: string;
}

interface LoadedModule {
  readonly filename?: string | null;
  readonly exports: unknown;
}

type Extensions = Record<string, (module: LoadedModule, filename: string) => unknown>;

const watched: Watched[] = [];
const changed = new WeakSet();
let isInstalled = false;

/**
 * Changes a file of a library as soon as Node has loaded it, also when an ES module imports it. Files that are loaded already are
 * changed at once.
 */
export function onLoaded(part: Part, file: LibraryFile): void {
  const end = path.sep + path.join('node_modules', file.library, file.file);
  watched.push({ ...file, part, end });
  if (!isInstalled) install();
  for (const [filename, module] of Object.entries(createRequire(__filename).cache)) {
    if (module?.loaded === true) look(module, filename);
  }
}

/** Wraps the loader of `.js` files, because Node calls it once for each CommonJS file, whichever code loads the file. */
function install(): void {
  isInstalled = true;
  const extensions = (Module as unknown as { readonly _extensions: Extensions })._extensions;
  const load = extensions['.js'];
  if (typeof load !== 'function') return;
  extensions['.js'] = function afstatsdLoaded(this: unknown, module, filename) {
    const result = Reflect.apply(load, this, arguments as never);
    if (filename.includes('node_modules')) look(module, filename);
    return result;
  };
}

function look(module: LoadedModule, filename: string): void {
  for (const file of watched) if (filename.endsWith(file.end)) change(file, module, filename);
}

function change(file: Watched, { exports }: LoadedModule, filename: string): void {
  const { part } = file;
  try {
    if (exports === null || (typeof exports !== 'object' && typeof exports !== 'function')) return;
    if (changed.has(exports)) return;
    changed.add(exports);
    if (readKnown(part, file, filename)) file.change(exports);
  } catch (error) {
    part.failed(error);
  }
}

/**
 * Whether a loaded file belongs to the library, in a version that this package can record. Warns about other versions.
 *
 * @throws Error if the library's `package.json` can't be read.
 */
export function readKnown(part: Part, { library, file, majors }: KnownFile, filename: string): boolean {
  const manifest = path.join(filename.slice(0, -file.length), 'package.json');
  const { name, version } = JSON.parse(readFileSync(manifest, 'utf8')) as Record<string, string>;
  if (name !== library) return false;
  if (majors.includes(Number.parseInt(version ?? '', 10))) return true;
  const known = majors.map((major) => `${major}.x`).join(' or ');
  part.warnOnce('version', () => `${library} ${version} isn't recorded, because only ${known} is known`);
  return false;
}
