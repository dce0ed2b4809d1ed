/** Jobs under way at once. Most of the time of each is a start of a process, and a wait. */
const AHEAD = 4;

/**
 * Runs the jobs of tests that follow one another before their turn comes, a few at a time: the tests of a file run one by one, and
 * most of them wait for a process.
 *
 * @template Job, Outcome
 * @param {readonly Job[]} jobs - in the order of the tests.
 * @param {(job: Job) => Promise<Outcome>} run
 * @returns {(job: Job) => Promise<Outcome>} the outcome of a job.
 */
export function ahead(jobs, run) {
  const started = new Map();
  return (job) => {
    const at = jobs.indexOf(job);
    for (const next of jobs.slice(at, at + AHEAD)) {
      if (started.has(next)) continue;
      const outcome = run(next);
      outcome.catch(() => {}); // its own test hears of it
      started.set(next, outcome);
    }
    return started.get(job);
  };
}
