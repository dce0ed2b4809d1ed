'use strict';

// A test of Jest that ends as a row of the table says, which AFSTATSD_TEST_END names.
const { TEST_ENDS } = require('../test-ends.cjs');
const app = require('./app.cjs');

const name = process.env.AFSTATSD_TEST_END;

test(`a test that ${name}`, async () => {
  app.Statsd.configure({ interval: 60_000 });
  await TEST_ENDS[name].run(app);
  app.say();
});
