import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { ConfigError, loadConfig } from '../../src/config/load.js';
import { OPTIONS, flagName, variableName } from '../../src/config/option-specs.js';
import type { CollectorOptions } from '../../src/config/options.js';
import { useStage } from '../support/stage.js';

const optionsOf = (args: readonly string[], env: NodeJS.ProcessEnv = {}): CollectorOptions =>
  loadConfig(args, env).options;

/** What each option may be given, and what is read of it; and values that it must not have. */
const VALUES: {
  readonly [K in keyof CollectorOptions]: {
    readonly good: readonly (readonly [string, CollectorOptions[K]])[];
    readonly bad: readonly string[];
  };
} = {
  queue: {
    good: [
      ['/metrics', '/metrics'],
      ['off', false],
    ],
    bad: ['metrics', '/', '/a/b', `/${'x'.repeat(256)}`],
  },
  unlink: { good: [], bad: [] },
  page: {
    good: [
      ['127.0.0.1:8127', { host: '127.0.0.1', port: 8127 }],
      ['off', false],
    ],
    bad: ['localhost', 'localhost:0', ''],
  },
  pageMetrics: { good: [['200', 200]], bad: ['0', '1000001', '1.5', 'many', ''] },
  pagePoints: { good: [['12', 12]], bad: ['11', '20001', ''] },
  sharedQueue: { good: [], bad: [] },
  expire: {
    good: [
      ['1h', [{ after: 3_600_000 }]],
      ['gauge=5m', [{ kind: 'gauge', after: 300_000 }]],
    ],
    bad: ['', '5', 'gauge', 'gauge=', 'histogram=1h', '0s', '99999d', '1h,gauge=5m'],
  },
  graphite: {
    good: [
      ['tcp://carbon:2003', ['tcp://carbon:2003']],
      ['tls://[::1]:2003?prefix=&tags=fold', ['tls://[::1]:2003?prefix=&tags=fold']],
    ],
    bad: [
      'carbon:2003',
      'udp://carbon:2003',
      'tcp://',
      'tcp://a/b',
      'tcp://u@a',
      'tcp://a?tag=keep',
      'tcp://a?tags=x',
      '',
    ],
  },
  graphiteInterval: { good: [['1s', 1000]], bad: ['999ms', '', '10'] },
  influx: {
    good: [['http://u:p%20w@influx:8086/write?db=shop', ['http://u:p%20w@influx:8086/write?db=shop']]],
    bad: ['influx:8086', 'tcp://influx:8086', 'http://a#header=X', 'http://u:%zz@a', ''],
  },
  influxInterval: { good: [['1s', 1000]], bad: ['999ms', '', '10'] },
  push: {
    good: [['https://vm:8428/api/v1/import/prometheus', ['https://vm:8428/api/v1/import/prometheus']]],
    bad: ['vm:8428', 'tcp://vm:8428', 'http://a#x', ''],
  },
  pushInterval: { good: [['1s', 1000]], bad: ['999ms', '', '10'] },
  globalTag: {
    good: [
      ['host=web1', [['host', 'web1']]],
      ['a=b=c', [['a', 'b=c']]],
      ['off', []],
    ],
    bad: ['', 'host', '=web1'],
  },
  percentiles: {
    good: [['50,99.9', [50, 99.9]]],
    bad: ['0', '100', '90,50', 'x', '90,', ''],
  },
  maxBuffer: { good: [['1000', 1000]], bad: ['0', '1MB', ''] },
  trustUid: { good: [['1000', [1000]]], bad: ['root', '1.5', '', '99999999999999999999'] },
  udp: {
    good: [
      ['0.0.0.0:9125', [{ host: '0.0.0.0', port: 9125 }]],
      ['[::1]:9125', [{ host: '::1', port: 9125 }]],
      ['[fe80::1%eth0]:9125', [{ host: 'fe80::1%eth0', port: 9125 }]],
      ['9125', [{ host: 'localhost', port: 9125 }]],
      [':9125', [{ host: 'localhost', port: 9125 }]],
      ['off', []],
    ],
    bad: [
      '0',
      '65536',
      ':',
      ':0',
      '-1',
      '8125:',
      '[]:8125',
      '::1:8125',
      'localhost',
      'localhost:0',
      'localhost:65536',
      'localhost:x',
      '',
    ],
  },
  tcp: {
    good: [
      ['localhost:9125', [{ host: 'localhost', port: 9125 }]],
      ['off', []],
    ],
    bad: ['x', 'tcp://localhost:8125', ''],
  },
  unix: {
    good: [
      ['/run/statsd.socket', ['/run/statsd.socket']],
      [`/${'x'.repeat(106)}`, [`/${'x'.repeat(106)}`]],
      ['off', []],
    ],
    bad: ['', '/', '/run/', 'statsd.socket', '/a\0b', `/${'x'.repeat(107)}`, `/${'ü'.repeat(54)}`],
  },
  unixMode: {
    good: [
      ['622', 0o622],
      ['0660', 0o660],
    ],
    bad: ['', '0', '999', '1777', 'rw', '0x1ff'],
  },
  unixOwner: {
    good: [
      ['1000', { uid: 1000 }],
      ['0:101', { uid: 0, gid: 101 }],
      [':101', { gid: 101 }],
    ],
    bad: ['', ':', 'app', '1:', '1:2:3', '-1', '4294967295'],
  },
  interval: {
    good: [
      ['500ms', 500],
      ['1.5s', 1500],
      ['2m', 120_000],
      ['1h', 3_600_000],
    ],
    bad: ['10', '0s', '-1s', '1d', '1000h', 's', ''],
  },
  clientInterval: {
    good: [
      ['1s', 1000],
      ['2500ms', 2500],
      ['20s', 20_000],
    ],
    bad: ['999ms', '21s', '5', ''],
  },
  console: { good: [], bad: [] },
  json: { good: [], bad: [] },
  consoleInterval: { good: [['1s', 1000]], bad: ['1'] },
  forward: {
    good: [
      ['udp://127.0.0.1:9125', ['udp://127.0.0.1:9125']],
      ['udp://host:9125?format=dogstatsd', ['udp://host:9125?format=dogstatsd']],
      ['unix:///run/statsd.sock', ['unix:///run/statsd.sock']],
    ],
    bad: [
      'host:9125',
      'http://host',
      'mq:///queue',
      'udp://',
      'udp://h:1?format=x',
      'udp://h:99999',
      'unix:',
      '',
    ],
  },
  forwardInterval: { good: [['1s', 1000]], bad: ['soon'] },
  prometheus: {
    good: [
      ['127.0.0.1:9464', { host: '127.0.0.1', port: 9464 }],
      ['9464', { host: '127.0.0.1', port: 9464 }],
      [':9464', { host: '127.0.0.1', port: 9464 }],
      ['off', false],
    ],
    bad: ['9464x'],
  },
  otlp: { good: [['http://h:4318', 'http://h:4318']], bad: ['h:4318', 'udp://h:4318', 'grpc://h'] },
  otlpInterval: { good: [['1s', 1000]], bad: ['1'] },
  otlpTemporality: { good: [['delta', 'delta']], bad: ['Delta', ''] },
  otlpProtocol: { good: [['http/json', 'http/json']], bad: ['grpc'] },
  buckets: {
    good: [
      ['0.1', [0.1]],
      ['0.01,0.1,1', [0.01, 0.1, 1]],
    ],
    bad: ['', '1,1', '2,1', '1,,2', '1,x', '1,Infinity'],
  },
  maxMetrics: { good: [['5', 5]], bad: ['0', '-1', '1e3', 'many'] },
  allowHost: {
    good: [
      ['metrics.example.com', ['metrics.example.com']],
      ['shop_1', ['shop_1']],
    ],
    bad: ['http://x', 'x:80', '*.example.com', '-x', ''],
  },
  rules: {
    good: [['{"match":"debug.*","deny":true}', [{ match: 'debug.*', deny: true }]]],
    bad: ['debug', '{}', '{"match":"a","denied":true}', '{"match":"a","buckets":[2,1]}'],
  },
  negativeGauges: {
    good: [
      ['change', 'change'],
      ['absolute', 'absolute'],
    ],
    bad: ['relative', 'Change', '-5'],
  },
};

describe("the collector's configuration", () => {
  const at = useStage();
  const file = (content: unknown): string => {
    const name = path.join(at.directory(), 'config.json');
    writeFileSync(name, typeof content === 'string' ? content : JSON.stringify(content));
    return name;
  };

  it('has defaults that work without any option', () => {
    const { action, options } = loadConfig([], {});
    expect(action).to.equal('run');
    expect(options).to.include({ queue: '/afcollectorapi', interval: 10_000, console: true, json: false });
    expect(options.udp).to.deep.equal([{ host: 'localhost', port: 8125 }]);
    expect([options.tcp, options.unix]).to.deep.equal([[], []]);
  });

  it('takes a flag before a variable, a variable before the file, and the file before the default', () => {
    const config = file({ interval: '1s', maxMetrics: 1, udp: '127.0.0.1:1', queue: '/file' });
    const env = {
      AFSTATSD_COLLECTOR_CONFIG: config,
      AFSTATSD_COLLECTOR_INTERVAL: '2s',
      AFSTATSD_COLLECTOR_MAX_METRICS: '2',
    };
    const options = optionsOf(['--interval', '3s'], env);
    expect(options).to.include({
      interval: 3000,
      maxMetrics: 2,
      queue: '/file',
      otlpTemporality: undefined,
    });
    expect(options.udp).to.deep.equal([{ host: '127.0.0.1', port: 1 }]);
  });

  it('reads the file that --config names, rather than that of the variable', () => {
    const config = file({ interval: '4s' });
    expect(optionsOf(['--config', config], { AFSTATSD_COLLECTOR_CONFIG: '/absent' }).interval).to.equal(4000);
  });

  for (const [name, { good, bad }] of Object.entries(VALUES)) {
    for (const [text, read] of good) {
      it(`reads ${name} ${text} from a flag, a variable and the file alike`, () => {
        const many = OPTIONS[name as keyof CollectorOptions].many === true;
        const given = [
          optionsOf([`--${flagName(name)}=${text}`]),
          optionsOf([], { [variableName(name)]: text }),
          optionsOf(['--config', file({ [name]: many ? [text] : text })]),
        ];
        for (const options of given) expect(options[name as keyof CollectorOptions]).to.deep.equal(read);
      });
    }
    for (const text of bad) {
      it(`refuses ${name} ${JSON.stringify(text.slice(0, 40))}, and says where it was given and what it must be`, () => {
        const flag = `--${flagName(name)}`;
        expect(() => optionsOf([`${flag}=${text}`])).to.throw(ConfigError, `${flag} must be `);
        const many = OPTIONS[name as keyof CollectorOptions].many === true;
        const config = file({ [name]: many ? [text] : text });
        expect(() => optionsOf(['--config', config])).to.throw(ConfigError, `${name} in ${config} must be `);
        // An empty variable is one that isn't set.
        const env = { [variableName(name)]: text };
        if (text === '') expect(() => optionsOf([], env)).not.to.throw();
        else expect(() => optionsOf([], env)).to.throw(ConfigError, `${variableName(name)} must be `);
      });
    }
  }

  for (const name of ['unlink', 'console', 'json'] as const) {
    it(`reads the switch ${name} as a flag, as a variable, and as true and false in the file`, () => {
      const rest = ['--forward', 'udp://127.0.0.1:9125'];
      expect(optionsOf(rest)[name]).to.be.false;
      expect(optionsOf([...rest, `--${name}`])[name]).to.be.true;
      for (const [text, on] of Object.entries({
        1: true,
        true: true,
        yes: true,
        on: true,
        True: true,
        0: false,
        false: false,
        no: false,
        off: false,
      }))
        expect(optionsOf(rest, { [variableName(name)]: text })[name]).to.equal(on);
      expect(optionsOf([...rest, '--config', file({ [name]: true })])[name]).to.be.true;
      expect(() => optionsOf([], { [variableName(name)]: 'maybe' })).to.throw(
        ConfigError,
        'must be one of 0, 1, true',
      );
      expect(() => optionsOf(['--config', file({ [name]: 'true' })])).to.throw(ConfigError, 'true or false');
      expect(() => optionsOf([`--${name}=x`])).to.throw(ConfigError, name);
    });
  }

  it('takes lists from repeated flags, from a variable with blanks between, and from an array', () => {
    const urls = ['udp://127.0.0.1:1', 'udp://127.0.0.1:2'];
    const given = [
      optionsOf(urls.flatMap((url) => ['--forward', url])),
      optionsOf([], { AFSTATSD_COLLECTOR_FORWARD: `  ${urls.join('  ')} ` }),
      optionsOf(['--config', file({ forward: urls })]),
    ];
    for (const { forward } of given) expect(forward).to.deep.equal(urls);
    expect(optionsOf(['--config', file({ trustUid: [1, 2] })]).trustUid).to.deep.equal([1, 2]);
    expect(() => optionsOf(['--config', file({ forward: urls[0] })])).to.throw(ConfigError, 'must be a list');
  });

  it('takes several places to listen, or one without a list, and forgets those before an `off`', () => {
    const [a, b] = [1, 2].map((port) => ({ host: '127.0.0.1', port }));
    const both = [
      optionsOf(['--udp', '127.0.0.1:1', '--udp', '127.0.0.1:2']),
      optionsOf([], { AFSTATSD_COLLECTOR_UDP: '127.0.0.1:1 127.0.0.1:2' }),
      optionsOf(['--config', file({ udp: ['127.0.0.1:1', '127.0.0.1:2'] })]),
    ];
    for (const { udp } of both) expect(udp).to.deep.equal([a, b]);
    const alone = optionsOf(['--config', file({ tcp: '127.0.0.1:1', unix: '/run/a.socket', unixMode: 660 })]);
    expect([alone.tcp, alone.unix, alone.unixMode]).to.deep.equal([[a], ['/run/a.socket'], 0o660]);
    expect(optionsOf(['--udp', '127.0.0.1:1', '--udp', 'off']).udp).to.deep.equal([]);
    expect(optionsOf(['--udp', 'off', '--udp', '127.0.0.1:2']).udp).to.deep.equal([b]);
  });

  it('takes numbers and false where the file has them in place of text', () => {
    const options = optionsOf(['--config', file({ maxMetrics: 7, buckets: [0.1, 1], udp: false })]);
    expect(options.maxMetrics).to.equal(7);
    expect(options.udp).to.deep.equal([]);
    expect(optionsOf(['--config', file({ queue: false })]).queue).to.equal(false);
    expect(options.buckets).to.deep.equal([0.1, 1]);
  });

  it('refuses what it does not know, and names what there is', () => {
    expect(() => optionsOf(['--nope'])).to.throw(ConfigError, '--nope');
    expect(() => optionsOf(['start'])).to.throw(ConfigError, '"start"');
    expect(() => optionsOf(['--config', file({ upd: 'off' })])).to.throw(
      ConfigError,
      /unknown option "upd" \(did you mean udp\?\); there are queue, .*udp/,
    );
    expect(() => optionsOf(['--config', file('{"__proto__": 1}')])).to.throw(ConfigError, '__proto__');
    expect(() => optionsOf(['--config', file({ toString: 1 })])).to.throw(ConfigError, 'toString');
  });

  it('refuses a file that is absent, no JSON, or no object, and names it', () => {
    expect(() => optionsOf(['--config', '/absent.json'])).to.throw(ConfigError, '/absent.json');
    for (const content of ['', '{', '[]', 'null', '"x"', '{"udp": null}', '{"udp": {}}', '{"interval": 10}'])
      expect(() => optionsOf(['--config', file(content)]), content).to.throw(ConfigError, 'config.json');
  });

  it('serves the page beside the console when no output is named, or when it is asked to', () => {
    const page = (...args: string[]): unknown => optionsOf(args).page;
    const usual = { host: '127.0.0.1', port: 8127 };
    expect(page()).to.deep.equal(usual);
    for (const named of [['--console'], ['--json'], ['--forward', 'udp://127.0.0.1:9'], ['--page', 'off']])
      expect(page(...named), named.join(' ')).to.equal(false);
    expect(page('--json', '--page', '127.0.0.1:9127')).to.deep.equal({ ...usual, port: 9127 });
    expect(optionsOf(['--page', '127.0.0.1:9127']).console).to.equal(true);
  });

  it('shows metrics on the console when there is no other output, or when it is asked to', () => {
    const shows = (...args: string[]): boolean => optionsOf(args).console;
    expect(shows()).to.be.true;
    expect(shows('--forward', 'udp://127.0.0.1:9125')).to.be.false;
    expect(shows('--prometheus', '127.0.0.1:9464')).to.be.false;
    expect(shows('--otlp', 'http://127.0.0.1:4318')).to.be.false;
    expect(shows('--graphite', 'tcp://127.0.0.1')).to.be.false;
    expect(shows('--influx', 'http://127.0.0.1:8086/write?db=a')).to.be.false;
    expect(shows('--push', 'http://127.0.0.1:8428/api/v1/import/prometheus')).to.be.false;
    expect(shows('--otlp', 'http://127.0.0.1:4318', '--console')).to.be.true;
    expect(shows('--otlp', 'http://127.0.0.1:4318', '--json')).to.be.true;
  });

  it('answers --help and --version whatever else is wrong', () => {
    const env = { AFSTATSD_COLLECTOR_INTERVAL: 'bad', AFSTATSD_COLLECTOR_CONFIG: '/absent' };
    expect(loadConfig(['--help', '--udp', 'bad'], env).action).to.equal('help');
    expect(loadConfig(['-h'], env).action).to.equal('help');
    expect(loadConfig(['--version'], env).action).to.equal('version');
    expect(loadConfig(['--check-config'], {}).action).to.equal('check');
    expect(() => loadConfig(['--check-config'], env)).to.throw(ConfigError);
  });
});
