// The same programs, compiled by each toolchain that users have, and run: the titles make up the table of what works.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { matrix } from './matrix.mjs';

// Within the package, so that what is compiled finds the packages.
const scratch = join(import.meta.dirname, `../../.tmp-toolchains-${process.pid}`);

/** Starts each job when the second before it has ended: two run at a time. Returns their promises. */
function startInTwoLanes(jobs) {
  const lanes = [Promise.resolve(), Promise.resolve()];
  return jobs.map((job, index) => {
    const outcome = lanes[index % 2].then(job);
    // Whoever waits for the outcome hears of an error; the next job doesn't.
    lanes[index % 2] = outcome.catch(() => {});
    return outcome;
  });
}

/** What each program of a row printed, or its error. */
async function outcomesOf({ compile, run, programs }, out) {
  mkdirSync(out, { recursive: true });
  const failed = await compile(out).catch((error) => error);
  const outcomes = {};
  for (const program of Object.keys(programs)) {
    outcomes[program] = failed ?? (await run(out, program).then(JSON.parse, (error) => error));
  }
  return outcomes;
}

describe('decorators as toolchains compile them', () => {
  let rows;

  before(() => {
    rows = startInTwoLanes(matrix.map((row, index) => () => outcomesOf(row, join(scratch, String(index)))));
  });

  after(async () => {
    await Promise.allSettled(rows);
    rmSync(scratch, { recursive: true, force: true });
  });

  for (const [index, { title, programs }] of matrix.entries()) {
    it(title, async () => {
      for (const [program, outcome] of Object.entries(await rows[index])) {
        const expected = programs[program];
        if (expected instanceof RegExp) expect(String(outcome), program).to.match(expected);
        else if (outcome instanceof Error) throw outcome;
        else expect(outcome, program).to.deep.equal(expected);
      }
    });
  }
});
