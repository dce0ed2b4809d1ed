// Defines classes whose instances are polled in every way, or not at all, and prints the warnings of the first 20 s, which
// quick-timers.js makes short.
import timers from 'node:timers';
import { StatsdClient } from '@afstatsd/core';
import { Gauge } from '@afstatsd/decorators';

const warnings: string[] = [];
const statsd = new StatsdClient({
  transport: 'memory:',
  interval: Infinity,
  logger: { warn: (line) => void warnings.push(line) },
});

class Forgotten {
  @Gauge({ statsd, poll: true }) get depth(): number {
    return 1;
  }
  @Gauge('forgotten.size', { statsd, poll: true }) size(): number {
    return 1;
  }
}

class Used {
  @Gauge({ statsd, poll: true }) get depth(): number {
    return 1;
  }
}

class Polling {
  constructor() {
    Gauge.poll(this);
  }
}

class Derived extends Polling {
  @Gauge({ statsd, poll: true }) get depth(): number {
    return 1;
  }
}

class FromOutside {
  @Gauge({ statsd, poll: true }) get depth(): number {
    return 1;
  }
}

class Static {
  @Gauge({ statsd, poll: true }) static get depth(): number {
    return 1;
  }
}

class Disabled {
  @Gauge({ statsd, poll: true, enabled: false }) get depth(): number {
    return 1;
  }
}

const instances = [
  new Forgotten(),
  new Used().depth,
  new Derived(),
  new FromOutside(),
  Static,
  new Disabled(),
];
Gauge.poll(instances[3] as object);
timers.setTimeout(() => console.log(JSON.stringify(warnings)), 20_000);
