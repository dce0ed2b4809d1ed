'use strict';

module.exports = {
  'node-option': ['enable-source-maps'],
  reporter: './scripts/mocha-reporter.cjs',
  timeout: 60000,
  'forbid-only': true,
  // Where everything that tests need is installed, a skipped test is a failed one.
  'forbid-pending': process.env.AFSTATSD_REQUIRE_ALL === '1',
};
