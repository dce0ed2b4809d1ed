import { existsSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { type Context, type Suite, before, describe } from 'mocha';
import { findBrowser, findCommand, findPostgresql, pythonWith, runs } from './commands.js';

/** What a machine may lack that some tests need. The table in CONTRIBUTING.md has a row for each. */
export interface Requirement {
  /** What is missing, in a few words. */
  readonly what: string;
  /** The Debian packages that it comes with; none if no package helps. */
  readonly packages: readonly string[];
  readonly isMet: () => boolean;
}

const PROFTPD_MODULE = '/usr/lib/proftpd/mod_statsd.so';

function canLoadPosixMq(): boolean {
  try {
    require('posix-mq');
    return true;
  } catch {
    return false;
  }
}

/** In bytes; NaN without a limit. */
function messageQueueLimit(): number {
  return Number(/^Max msgqueue size +(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]);
}

const hasIPv6 = (): boolean =>
  Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));

export const isRoot: boolean = process.getuid?.() === 0;

export type RequirementName =
  | 'aiodogstatsd'
  | 'browser'
  | 'collectd'
  | 'graphite'
  | 'gunicorn'
  | 'influxdb'
  | 'IPv6'
  | 'mariadb'
  | 'namespace'
  | 'netdata'
  | 'perl-statsd'
  | 'posix-mq'
  | 'postgresql'
  | 'proftpd'
  | 'prometheus'
  | 'pushgateway'
  | 'python'
  | 'python-statsd'
  | 'queue-limit'
  | 'redis'
  | 'root'
  | 'ruby-statsd'
  | 'tmux'
  | 'victoria-metrics';

export const REQUIREMENTS: Readonly<Record<RequirementName, Requirement>> = {
  browser: { what: 'Chromium', packages: ['chromium'], isMet: () => findBrowser() !== undefined },
  collectd: {
    what: 'collectd',
    packages: ['collectd-core'],
    isMet: () => findCommand('collectd') !== undefined,
  },
  netdata: { what: 'netdata', packages: ['netdata-core'], isMet: () => findCommand('netdata') !== undefined },
  graphite: {
    what: 'carbon and whisper of Graphite',
    packages: ['graphite-carbon'],
    isMet: () => findCommand('carbon-cache') !== undefined && findCommand('whisper-fetch') !== undefined,
  },
  influxdb: {
    what: 'InfluxDB 1.x',
    packages: ['influxdb'],
    isMet: () => findCommand('influxd') !== undefined,
  },
  'victoria-metrics': {
    what: 'VictoriaMetrics',
    packages: ['victoria-metrics'],
    isMet: () => findCommand('victoria-metrics') !== undefined,
  },
  prometheus: {
    what: 'Prometheus and promtool',
    packages: ['prometheus'],
    isMet: () => findCommand('prometheus') !== undefined && findCommand('promtool') !== undefined,
  },
  tmux: { what: 'tmux', packages: ['tmux'], isMet: () => findCommand('tmux') !== undefined },
  pushgateway: {
    what: "Prometheus' Pushgateway",
    packages: ['prometheus-pushgateway'],
    isMet: () => findCommand('prometheus-pushgateway') !== undefined,
  },
  redis: {
    what: 'Redis',
    packages: ['redis-server'],
    isMet: () => findCommand('redis-server') !== undefined,
  },
  mariadb: {
    what: 'MariaDB',
    packages: ['mariadb-server'],
    isMet: () => findCommand('mariadbd') !== undefined,
  },
  postgresql: {
    what: 'PostgreSQL',
    packages: ['postgresql'],
    isMet: () => findPostgresql() !== undefined,
  },
  python: {
    what: 'Python 3',
    packages: ['python3'],
    isMet: () => runs('python3', '-c', "import ctypes; ctypes.CDLL('librt.so.1')"),
  },
  'python-statsd': {
    what: "Python's statsd",
    packages: ['python3-statsd'],
    isMet: () => pythonWith('statsd.client.udp') !== undefined,
  },
  aiodogstatsd: {
    what: "Python's aiodogstatsd",
    packages: ['python3-aiodogstatsd'],
    isMet: () => pythonWith('aiodogstatsd') !== undefined,
  },
  'ruby-statsd': {
    what: "Ruby's statsd",
    packages: ['ruby-statsd'],
    isMet: () => runs('ruby', '-e', "require 'statsd'"),
  },
  'perl-statsd': {
    what: "Perl's Net::Statsd",
    packages: ['libnet-statsd-perl'],
    isMet: () => runs('perl', '-MNet::Statsd', '-e', '1'),
  },
  gunicorn: { what: 'gunicorn', packages: ['gunicorn'], isMet: () => findCommand('gunicorn') !== undefined },
  proftpd: {
    what: 'ProFTPD and its mod_statsd',
    packages: ['proftpd-core', 'proftpd-mod-statsd'],
    isMet: () => findCommand('proftpd') !== undefined && existsSync(PROFTPD_MODULE),
  },
  'posix-mq': {
    what: 'posix-mq, which `npm run setup` compiles',
    packages: ['g++', 'make', 'python3'],
    isMet: canLoadPosixMq,
  },
  namespace: {
    what: 'root, and `unshare --ipc --mount`',
    packages: ['util-linux'],
    isMet: () => runs('unshare', '--ipc', '--mount', 'true'),
  },
  root: { what: 'root, to act as another user', packages: [], isMet: () => isRoot },
  IPv6: { what: 'IPv6 on the loopback interface', packages: [], isMet: hasIPv6 },
  'queue-limit': {
    what: 'a limit for message queues (`ulimit -q`) below 1.3 MB',
    packages: [],
    isMet: () => messageQueueLimit() < 16 * 10 * 8192,
  },
};

/**
 * Skips the test, or all tests of the describe whose `before` this is called in, if the machine lacks something. Says why, and
 * how to get it. Where everything is required (AFSTATSD_REQUIRE_ALL=1) mocha has a skipped test fail.
 */
export function need(test: Context, name: RequirementName): void {
  const { what, packages, isMet } = REQUIREMENTS[name];
  if (isMet()) return;
  const howTo =
    packages.length > 0 ? `: apt-get install -y --no-install-recommends ${packages.join(' ')}` : '';
  console.log(`      skipped: it needs ${what}${howTo}`);
  test.skip();
}

/** A `describe` whose tests are skipped if the machine lacks something. */
export function describeWith(name: RequirementName, title: string, tests: (this: Suite) => void): void {
  describe(title, function () {
    before(function () {
      need(this, name);
    });
    tests.call(this);
  });
}
