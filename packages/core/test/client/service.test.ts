import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { useClients, useDirectories } from '@afstatsd/testing';
import { expect } from 'chai';
import { readEnvironment } from '../../src/client/environment.js';
import { programName } from '../../src/client/service.js';
import { Report } from '../../src/account/report.js';
import { type StatsdFormat, type StatsdOptions } from '../../src/index.js';
import { makeFormat } from '../../src/wire/formats.js';
import { FormatTransport } from '../support/format-transport.js';

describe('the name of a program', () => {
  const newDirectory = useDirectories();
  let root: string;
  beforeEach(() => {
    root = newDirectory();
  });

  function write(file: string, content: unknown): string {
    const at = path.join(root, file);
    mkdirSync(path.dirname(at), { recursive: true });
    writeFileSync(at, typeof content === 'string' ? content : JSON.stringify(content));
    return at;
  }

  it('is that of the nearest package above it', () => {
    write('package.json', { name: 'workspace' });
    write('services/shop/package.json', { name: '@acme/shop' });
    expect(programName(write('services/shop/dist/src/main.js', ''))).to.equal('@acme/shop');
    expect(programName(write('tools/main.js', ''))).to.equal('workspace');
  });

  it('passes over a package.json without a name, and over one that can not be read', () => {
    write('package.json', { name: 'shop' });
    write('dist/package.json', { type: 'module' });
    write('dist/a/package.json', 'no JSON');
    expect(programName(write('dist/a/main.js', ''))).to.equal('shop');
  });

  it('is that of the app in the working directory, where an installed tool runs it', () => {
    write('package.json', { name: 'shop' });
    write('node_modules/runner/package.json', { name: 'runner' });
    const tool = write('node_modules/runner/bin/run.js', '');
    symlinkSync(tool, path.join(root, 'run'));
    expect(programName(path.join(root, 'run'), () => root)).to.equal('shop');
  });

  it('is none without a program, and where no package has one', () => {
    expect(programName('')).to.equal(undefined);
    expect(programName(path.join(root, 'missing.js'))).to.equal(undefined);
  });

  it('is none where the working directory is gone', () => {
    const tool = write('node_modules/runner/run.js', '');
    const gone = (): string => {
      throw new Error('ENOENT: uv_cwd');
    };
    expect(programName(tool, gone)).to.equal(undefined);
  });
});

describe('the service of a client', () => {
  const makeClient = useClients();
  const written = (format: StatsdFormat, options: StatsdOptions): string => {
    const transport = new FormatTransport(makeFormat(format, {}));
    const { statsd } = makeClient({ transport, interval: 0, ...options });
    statsd.increment('orders', { tags: { method: 'card' } });
    return transport.messages.join('\n');
  };

  it('is a tag, after those of the call and of the client, in formats that have tags', () => {
    const options = { service: 'shop', instance: 'shop-1', tags: { region: 'eu' } };
    expect(written('dogstatsd', options)).to.equal(
      'orders:1|c|#method:card,region:eu,instance:shop-1,service:shop',
    );
    expect(written('influx', options)).to.equal(
      'orders,method=card,region=eu,instance=shop-1,service=shop:1|c',
    );
    expect(written('graphite', options)).to.equal(
      'orders;method=card;region=eu;instance=shop-1;service=shop:1|c',
    );
  });

  it('never gets into names', () => {
    expect(written('etsy', { service: 'shop', instance: 'shop-1' })).to.equal('orders.card:1|c');
  });

  it('gives way to a tag of the app', () => {
    expect(written('dogstatsd', { service: 'shop', tags: { service: 'mine' } })).to.equal(
      'orders:1|c|#method:card,service:mine',
    );
  });

  it('can be left out', () => {
    expect(written('dogstatsd', { service: false })).to.equal('orders:1|c|#method:card');
  });

  it('is by default the name of the program’s package: here of the workspace that mocha runs in', () => {
    expect(written('dogstatsd', { service: undefined } as object)).to.match(
      /^orders:1\|c\|#method:card,service:\S+$/,
    );
  });

  it('is not seen by MemoryTransport, so that a test asserts what the app has recorded', async () => {
    const { statsd, sent } = makeClient({ service: 'shop' });
    statsd.increment('orders');
    expect(await sent()).to.deep.equal(['orders:1|c']);
  });

  it('comes from the environment: ours first, then those of OpenTelemetry and Datadog', () => {
    const service = (env: NodeJS.ProcessEnv): unknown => readEnvironment(new Report(), env).service;
    const all = { AFSTATSD_SERVICE: 'a', OTEL_SERVICE_NAME: 'b', DD_SERVICE: 'c' };
    expect(service(all)).to.equal('a');
    expect(service({ ...all, AFSTATSD_SERVICE: '' })).to.equal('b');
    expect(service({ DD_SERVICE: 'c' })).to.equal('c');
    expect(service({ ...all, AFSTATSD_SERVICE: 'off' })).to.equal(false);
    expect(service({})).to.equal(undefined);
    expect(readEnvironment(new Report(), { AFSTATSD_INSTANCE: 'shop-1' }).instance).to.equal('shop-1');
  });

  for (const service of ['', 5, true, 'x'.repeat(256)]) {
    it(`is refused as ${JSON.stringify(service).slice(0, 12)}`, () => {
      const options = { service } as StatsdOptions;
      expect(() => makeClient(options)).to.throw(
        TypeError,
        'option service must be a name of 1 to 255 bytes',
      );
    });
  }
});
