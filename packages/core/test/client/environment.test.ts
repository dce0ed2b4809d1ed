import { LogLines, usePrograms } from '@afstatsd/testing';
import { expect } from 'chai';
import { readEnvironment } from '../../src/client/environment.js';
import { Report } from '../../src/account/report.js';
import { AFTransport } from '../../src/transport/af.js';
import { MemoryTransport } from '../../src/transport/memory.js';
import { NullTransport } from '../../src/transport/null.js';
import { programFile } from '../support/program-file.js';

function read(env: Record<string, string>): {
  settings: ReturnType<typeof readEnvironment>;
  warnings: string[];
} {
  const report = new Report();
  const log = (report.logger = new LogLines());
  return { settings: readEnvironment(report, env), warnings: log.warnings };
}

/** Where a transport goes that finds no queue, once it has looked. */
function fallbackOf(transport: AFTransport): string {
  transport.interval();
  const { detail } = transport.stats();
  transport.close();
  return detail.split('; ').find((part) => !part.includes('queue'))!;
}

describe('the environment', () => {
  const programs = usePrograms();

  it('sets nothing when it holds none of the variables, or empty ones', () => {
    expect(read({ PATH: '/bin', AFSTATSD_URL: '', AFSTATSD_PREFIX: '' })).to.deep.equal({
      settings: {},
      warnings: [],
    });
  });

  it('AFSTATSD_URL chooses the transport', () => {
    expect(read({ AFSTATSD_URL: 'mq:///another' }).settings.transport).to.be.instanceOf(AFTransport);
    expect(read({ AFSTATSD_URL: 'mq:///another' }).settings.transport?.stats().detail).to.contain('/another');
    expect(read({ AFSTATSD_URL: 'memory:' }).settings.transport).to.be.instanceOf(MemoryTransport);
    expect(read({ AFSTATSD_URL: 'null:' }).settings.transport).to.be.instanceOf(NullTransport);
  });

  it('AFSTATSD_INTERVAL is a duration with its unit, or 0', () => {
    const intervals = {
      '20s': 20_000,
      '500ms': 500,
      '1.5s': 1500,
      '2m': 120_000,
      '1h': 3_600_000,
      '0': 0,
      '0s': 0,
    };
    for (const [text, interval] of Object.entries(intervals)) {
      expect(read({ AFSTATSD_INTERVAL: text })).to.deep.equal({ settings: { interval }, warnings: [] });
    }
  });

  it('AFSTATSD_PREFIX and AFSTATSD_DISABLED', () => {
    expect(read({ AFSTATSD_PREFIX: 'shop' }).settings).to.deep.equal({ prefix: 'shop' });
    expect(read({ AFSTATSD_DISABLED: '1' }).settings).to.deep.equal({ enabled: false });
    expect(read({ AFSTATSD_DISABLED: 'TRUE' }).settings).to.deep.equal({ enabled: false });
    expect(read({ AFSTATSD_DISABLED: 'no' }).settings).to.deep.equal({ enabled: true });
  });

  it('DD_ENV and DD_VERSION are tags; the Agent is the fallback where our collector has no queue', () => {
    expect(read({ DD_ENV: 'prod', DD_VERSION: '7' }).settings).to.deep.equal({ env: 'prod', version: '7' });
    for (const [env, place] of [
      [{ DD_AGENT_HOST: '10.0.0.7' }, 'udp 10.0.0.7:8125 (dogstatsd)'],
      [{ DD_AGENT_HOST: '::1', DD_DOGSTATSD_PORT: '9125' }, 'udp [::1]:9125 (dogstatsd)'],
      [{ DD_AGENT_HOST: 'x', DD_DOGSTATSD_URL: 'unix:///var/dsd.socket' }, 'socket /var/dsd.socket'],
      [{ DD_DOGSTATSD_URL: 'udp://agent:1125' }, 'udp agent:1125 (dogstatsd)'],
    ] as const) {
      const { transport } = read(env).settings;
      expect(transport).to.be.instanceOf(AFTransport);
      expect(fallbackOf(transport as AFTransport)).to.equal(place);
    }
    const { transport } = read({ DD_AGENT_HOST: '10.0.0.7', AFSTATSD_URL: 'null:' }).settings;
    expect(transport).to.be.instanceOf(NullTransport);
  });

  const bad = {
    DD_AGENT_HOST: ['no host!', 'a/b'],
    DD_DOGSTATSD_URL: ['tcp://x', 'unixstream:///x'],
    AFSTATSD_URL: ['tcp://x', 'nonsense', 'mq://host/queue', 'mq:///%'],
    AFSTATSD_INTERVAL: ['20', '20 s', '-1s', 'soon', '1000h'],
    AFSTATSD_PREFIX: ['a:b', 'x'.repeat(300)],
    AFSTATSD_DISABLED: ['maybe', 'constructor'],
  };
  for (const [name, values] of Object.entries(bad)) {
    it(`a bad ${name} gives one warning that names it and its value, and leaves the default`, () => {
      for (const value of values) {
        const { settings, warnings } = read({ [name]: value });
        expect(settings).to.deep.equal({});
        expect(warnings).to.have.length(1);
        expect(warnings[0]).to.contain(name).and.contain(value.slice(0, 50));
      }
    });
  }

  it('is read at the first sample, after imports; what code sets wins', async () => {
    const program = programs.node([programFile('environment')], {
      env: { AFSTATSD_PREFIX: 'ignored', AFSTATSD_INTERVAL: 'ignored' },
    });
    const { stdout, code, stderr } = await program.ended();
    expect(stderr).to.equal('');
    expect(JSON.parse(stdout)).to.deep.equal({ shared: ['late.hits:1|c'], own: ['code.hits:1|c'] });
    expect(code).to.equal(0);
  });
});
