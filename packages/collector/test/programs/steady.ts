import { Statsd } from '@afstatsd/core';

// Counts 100 a second, evenly, with all defaults: where to is in AFSTATSD_URL.
const PER_SECOND = 100;
const began = performance.now();
let counted = 0;
setInterval(() => {
  for (const due = ((performance.now() - began) / 1000) * PER_SECOND; counted < due; counted++)
    Statsd.increment('steady');
}, 20);
