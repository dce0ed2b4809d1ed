import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** The folder of the page's files, which the build makes. */
const FOLDER = path.join(__dirname, '../../live-page');
const FILES: Readonly<Record<string, readonly [file: string, type: string]>> = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/app.js': ['app.js', 'text/javascript; charset=utf-8'],
  '/app.css': ['app.css', 'text/css; charset=utf-8'],
  '/icon.svg': ['icon.svg', 'image/svg+xml'],
  '/licenses.txt': ['licenses.txt', 'text/plain; charset=utf-8'],
};

/** A file of the page. */
export interface PageFile {
  readonly type: string;
  readonly content: Buffer;
}

/**
 * Finds the file at a path of the page. The result is undefined for an unknown path.
 *
 * @throws Error that says what to do, if the page wasn't built.
 */
export async function pageFile(urlPath: string): Promise<PageFile | undefined> {
  if (!Object.hasOwn(FILES, urlPath)) return undefined;
  const [file, type] = FILES[urlPath]!;
  try {
    return { type, content: await readFile(path.join(FOLDER, file)) };
  } catch (error) {
    throw new Error(`the page is not built (${(error as Error).message}): npm run build makes it`, {
      cause: error,
    });
  }
}
