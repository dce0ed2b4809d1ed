// What it costs to measure how long a call holds the event loop, in µs of CPU a call of seven awaits, off and on, and beside the ways of
// others. Each case runs in processes of its own, because the hooks of Node.js stay on.
//
//   node bench/blocking.mjs [--json]
//   npm install --no-save blocked-at    and it is measured, too
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { compared, report } from './support/report.mjs';

const PROCESSES = 5;
const subject = fileURLToPath(new URL('support/blocking-subject.mjs', import.meta.url));

const all = [
  { id: 'bare', label: 'the call alone', bare: 'bare' },
  { id: 'timed', label: 'timed', bare: 'bare' },
  { id: 'blocking', label: 'timed, with blocking', bare: 'bare' },
  { id: 'elsewhere', label: 'the call alone, while another one is measured', bare: 'bare' },
  { id: 'utilization', label: 'timed, and eventLoopUtilization before and after', bare: 'bare' },
  { id: 'blockedAt', label: 'the call alone, with blocked-at', bare: 'bare' },
];

const us = new Map(all.map(({ id }) => [id, []]));
// In turns, so that a busy while of the machine doesn't fall on one case.
for (let round = 0; round < PROCESSES; round++) {
  for (const { id } of all) {
    const { status, stdout } = spawnSync(process.execPath, [subject, id], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (status !== 0) throw new Error(`${id} ended with ${status}`);
    us.get(id).push(Number(stdout));
  }
}
const cases = all.filter(({ id }) => us.get(id).every(Number.isFinite));
const quickest = Object.fromEntries(cases.map(({ id }) => [id, Math.min(...us.get(id))]));
report({
  title: `µs of CPU a call of seven awaits, quickest of ${PROCESSES} processes; how much that is over the call alone`,
  cases,
  ns: quickest,
  beside: (id) => (id === 'bare' ? undefined : quickest[id] - quickest.bare),
  expectations: [
    compared('with blocking / timed', quickest.blocking / quickest.timed),
    compared('alone, while another one is measured / alone', quickest.elsewhere / quickest.bare),
  ],
  notes: cases.length === all.length ? [] : ['blocked-at is not installed'],
});
