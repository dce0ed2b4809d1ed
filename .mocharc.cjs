'use strict';

const { readFileSync } = require('node:fs');
const os = require('node:os');

/** Where queues may be 200 deep, as the collector makes them then, a user's limit holds one such queue, and not two. */
function manyQueuesFit() {
  const depth = Number(readFileSync('/proc/sys/fs/mqueue/msg_max', 'utf8'));
  const limit = /^Max msgqueue size +(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
  return depth < 100 || limit === 'unlimited' || Number(limit) > 4_000_000;
}

module.exports = {
  'node-option': ['enable-source-maps'],
  reporter: './scripts/mocha-reporter.cjs',
  // For tests that hang. It is longer than `until` waits, whose error says what was waited for; and a property test of a second
  // takes a minute on a machine with thirty processes at work.
  timeout: 180000,
  // With --parallel, as `npm run test:built` runs it. Most tests wait for processes, so two are never too many.
  jobs: manyQueuesFit() ? Math.min(4, Math.max(2, os.availableParallelism())) : 1,
  'forbid-only': true,
  // Where everything that tests need is installed, a skipped test is a failed one.
  'forbid-pending': process.env.AFSTATSD_REQUIRE_ALL === '1',
};
