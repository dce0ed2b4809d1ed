import { readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';

/**
 * The name in the nearest `package.json` above the program. If the program is an installed tool that runs the app, such as a test
 * runner or `next start`, the search begins at the working directory.
 *
 * @param script - The path of the program (`process.argv[1]`). Without a path, as in `node -e`, the program has no name.
 * @returns Undefined if there is no such file, or no name in it.
 */
export function programName(
  script: string | undefined = process.argv[1],
  workingDirectory: () => string = () => process.cwd(),
): string | undefined {
  try {
    if (script === undefined || script === '') return undefined;
    const program = path.dirname(realpathSync(script));
    const isTool = program.split(path.sep).includes('node_modules');
    return nameAbove(isTool ? workingDirectory() : program);
  } catch {
    // No such file, or no right to read it: the service has no name then.
    return undefined;
  }
}

function nameAbove(folder: string): string | undefined {
  for (let at = folder; ; at = path.dirname(at)) {
    const name = nameIn(path.join(at, 'package.json'));
    if (name !== undefined) return name;
    if (path.dirname(at) === at) return undefined;
  }
}

/** The name in a file. Builds write files without a name, only for `"type": "module"`. These aren't the program's. */
function nameIn(file: string): string | undefined {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
  const { name } = Object(content) as { name?: unknown };
  return typeof name === 'string' && name !== '' ? name : undefined;
}
