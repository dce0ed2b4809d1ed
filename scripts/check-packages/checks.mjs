import { execFileSync } from 'node:child_process';

/** The titles of what failed. */
export const problems = [];

/** Nothing here takes as long, in ms; what does hangs. */
const TIMEOUT = 600_000;

/** Runs a command and returns its output, which is shown only if it fails; that is a problem then. */
export function attempt(title, command, args, options) {
  try {
    const output = execFileSync(command, args, {
      encoding: 'utf8',
      stdio: 'pipe',
      timeout: TIMEOUT,
      ...options,
    });
    console.log(`ok ${title}`);
    return output;
  } catch (error) {
    failed(title, `${error.stdout ?? ''}${error.stderr ?? error.message}`);
    return undefined;
  }
}

export function check(title, holds, detail) {
  if (holds) console.log(`ok ${title}`);
  else failed(title, detail);
}

function failed(title, detail) {
  problems.push(title);
  console.log(`FAILED ${title}${detail === undefined ? '' : `\n${detail}`}`);
}
