// A backend of etsy's statsd that prints what it got since the last flush, as one line of JSON, as the collector does with --json.
exports.init = (startedAt, config, events) => {
  events.on('flush', (time, { counters, gauges, timer_data, sets }) => {
    const members = Object.fromEntries(Object.entries(sets).map(([name, set]) => [name, set.size()]));
    process.stdout.write(
      `${JSON.stringify({ time, counters, gauges, timers: timer_data, sets: members })}\n`,
    );
  });
  return true;
};
