// Prints the times of cases and what was expected of them: as tables or, with `--json`, for machines.

export function atLeast(what, ratio, limit) {
  return { what, ratio, expected: `at least ${limit}`, met: ratio >= limit };
}

export function atMost(what, ratio, limit) {
  return { what, ratio, expected: `at most ${limit}`, met: ratio <= limit };
}

/** A ratio that is worth knowing, and of which nothing is expected. */
export function compared(what, ratio) {
  return { what, ratio };
}

/**
 * @param title - says what the two columns are.
 * @param cases - `{ id, label }` each.
 * @param ns - the first column, by id.
 * @param beside - the second column, from an id; undefined leaves it empty.
 * @param notes - lines at the end; none by default.
 */
export function report({ title, cases, ns, beside, expectations, notes }) {
  if (process.argv.includes('--json')) {
    console.log(JSON.stringify({ node: process.version, ns, expectations, notes }, null, 2));
    return;
  }
  console.log(`Node ${process.version}: ${title}`);
  for (const { id, label } of cases) {
    const second = beside(id)?.toFixed(1) ?? '';
    console.log(`${label.padEnd(60)}${ns[id].toFixed(1).padStart(8)}${second.padStart(8)}`);
  }
  printExpectations(expectations);
  for (const note of notes ?? []) console.log(`\n${note}`);
}

export function printExpectations(expectations) {
  console.log('\nexpected');
  for (const expectation of expectations) console.log(lineOf(expectation));
}

function lineOf({ what, ratio, expected, met }) {
  const figure = `${what.padEnd(58)}${ratio.toFixed(2).padStart(8)}`;
  if (expected === undefined) return `        ${figure}`;
  return `${met ? 'met    ' : 'NOT MET'} ${figure}, ${expected}`;
}
