'use strict';

const os = require('node:os');

module.exports = {
  'node-option': ['enable-source-maps'],
  reporter: './scripts/mocha-reporter.cjs',
  // For tests that hang. It is longer than `until` waits, whose error says what was waited for; and a property test of a second
  // takes a minute on a machine with thirty processes at work.
  timeout: 180000,
  // With --parallel, as `npm run test:built` runs it. Most tests wait for processes, so two are never too many.
  jobs: Math.min(4, Math.max(2, os.availableParallelism())),
  'forbid-only': true,
  // Where everything that tests need is installed, a skipped test is a failed one.
  'forbid-pending': process.env.AFSTATSD_REQUIRE_ALL === '1',
};
