// What the collector has shown of the samples of `programs/client.cjs`, and what these say that they have recorded.

/**
 * How many samples a `--json` console has shown. It is no whole number where it has shown a part of a client's timer of more than
 * 1024 values, because each value of one stands for a number of calls that is no whole one.
 */
export function shown(stdout) {
  let samples = 0;
  // A line that is still being written, or that was when the collector was killed, isn't there yet.
  for (const line of stdout.slice(0, stdout.lastIndexOf('\n') + 1).split('\n')) {
    if (!line.startsWith('{')) continue;
    for (const { name, value, count } of JSON.parse(line).metrics) {
      if (name === 'hits') samples += value;
      else if (name === 'wait') samples += count;
    }
  }
  return samples;
}

/** How many samples are in messages of the queue; as above. */
export function counted({ counters, timers }) {
  return (counters.get('hits') ?? 0) + (timers.get('wait')?.count ?? 0);
}

/** The last ledger that a client has written. */
export function ledgerOf(stdout) {
  const last = stdout.split('\n').findLast((line) => line.startsWith('{'));
  return JSON.parse(last);
}
