import path from 'node:path';

/** The file of one of `test/programs`, by its name without the ending, in the same compilation as the test. */
export function programFile(name: string): string {
  return path.join(__dirname, '..', 'programs', `${name}.js`);
}
