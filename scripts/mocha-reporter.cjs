'use strict';

// Mocha's `spec` reporter, which also writes the counts as JSON to the file that MOCHA_COUNTS names:
// scripts/test.mjs adds them to its own.
const { writeFileSync } = require('node:fs');
const { reporters, Runner } = require('mocha');

module.exports = class extends reporters.Spec {
  static description = 'spec, and the counts in a file';

  constructor(runner, options) {
    super(runner, options);
    const file = process.env.MOCHA_COUNTS;
    if (!file) return;
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures, pending } = this.stats;
      writeFileSync(file, JSON.stringify({ passed: passes, failed: failures, skipped: pending }));
    });
  }
};
