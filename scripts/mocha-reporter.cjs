'use strict';

// Mocha's `spec` reporter, which also writes the counts and the failed tests as JSON to the file that MOCHA_REPORT names:
// scripts/test.mjs adds the counts to its own, and prints the failed tests last.
const { writeFileSync } = require('node:fs');
const { reporters, Runner } = require('mocha');

const { EVENT_RUN_END, EVENT_TEST_FAIL } = Runner.constants;

module.exports = class extends reporters.Spec {
  static description = 'spec, and the counts and failed tests in a file';

  constructor(runner, options) {
    super(runner, options);
    const file = process.env.MOCHA_REPORT;
    if (!file) return;
    const failures = [];
    runner.on(EVENT_TEST_FAIL, (test, error) => {
      failures.push({
        title: test.fullTitle(),
        file: test.file,
        error: String(error.stack ?? error.message ?? error),
      });
    });
    runner.once(EVENT_RUN_END, () => {
      const { passes, failures: failed, pending } = this.stats;
      writeFileSync(file, JSON.stringify({ passed: passes, failed, skipped: pending, failures }));
    });
  }
};
