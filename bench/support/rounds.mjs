// Measures cases beside each other, so that they can be compared though other programs use the machine, too.
import { setTimeout as delay } from 'node:timers/promises';
import { measure } from 'mitata';

export const ROUNDS = 9;
const CPU_TIME = 80e6; // ns a case and round

/**
 * @param cases - `{ id, run }` each; what returns a promise is awaited.
 * @returns ns a call by id: the median of the quietest of nine rounds.
 */
export async function quietestRounds(cases) {
  const samples = new Map(cases.map(({ id }) => [id, []]));
  // Round by round, not case by case, so that a busy while of the machine doesn't fall on one case.
  for (let round = 0; round < ROUNDS; round++) {
    for (const [at, { id, run }] of cases.entries()) {
      // mitata makes its loop from text. A length of its own gives each case a loop of its own, into which V8
      // inlines the call as it does into an app's hot code; a loop that all share would measure that, too.
      const batch_samples = 4096 + 4 * at;
      const { p50 } = await measure(run, { gc: false, min_cpu_time: CPU_TIME, batch_samples });
      samples.get(id).push(p50);
      await delay(20); // for the datagrams that wait in the socket
    }
  }
  // The quietest round: what else runs on the machine can only add to a time.
  return Object.fromEntries([...samples].map(([id, times]) => [id, Math.min(...times)]));
}
