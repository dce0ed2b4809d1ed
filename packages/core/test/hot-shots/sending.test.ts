import { once } from 'node:events';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { Writable } from 'node:stream';
import { freePort, until, useCleanup, usePrograms, useReceivers } from '@afstatsd/testing';
import { expect } from 'chai';
import { type ClientOptions, StatsD } from '../../src/hot-shots/index.js';

const ENTRY = path.join(__dirname, '../../../hot-shots.js');
// It is installed for the benchmarks.
const fromBench = createRequire(path.join(__dirname, '../../../../../bench/package.json'));

type Client = new (options: ClientOptions) => StatsD;

/** The calls of hot-shots' README, each once. */
function callsOfReadme(client: StatsD): void {
  client.increment('my_counter');
  client.decrement('my_counter');
  client.histogram('my_histogram', 42);
  client.distribution('my_distribution', 42);
  client.gauge('my_gauge', 123.45);
  client.gaugeDelta('my_gauge', -10);
  client.gaugeDelta('my_gauge', 4);
  client.set('my_unique', 'foobar');
  client.unique('my_unique', 'foobarbaz');
  client.event('my_title', 'description');
  client.check('service.up', client.CHECKS.OK, { hostname: 'host-1' }, ['foo', 'bar']);
  client.increment(['these', 'are', 'different', 'stats']);
  client.increment('my_counter', ['foo', 'bar']);
  client.histogram('my_histogram', 42, ['foo', 'bar']);
  client.histogram('my_histogram', 42, { tag: 'value' });
  client.histogram('my_histogram', 42, ['tag:value']);
  client.timing('response_time', 42);
  const child = client.childClient({
    prefix: 'additionalPrefix.',
    suffix: '.additionalSuffix',
    globalTags: { globalTag1: 'forAllMetricsFromChildClient' },
  });
  child.increment('my_counter_with_more_tags');
}

/** A server's state after these lines: equal metrics may have been added up on the way. */
function readByServer(lines: readonly string[]): unknown {
  const state = new Map<string, number | string[]>();
  for (const line of lines) {
    const [, name, text, rest] = /^([^:_][^:]*):([^|]+)(\|(?:c|g|ms|h|d).*)$/.exec(line) ?? [];
    const key = name === undefined ? line : name + rest!;
    const before = state.get(key) ?? 0;
    if (text === undefined) state.set(key, 1);
    else if (rest!.startsWith('|c') || /^[+-]/.test(text)) state.set(key, Number(before) + Number(text));
    else if (rest!.startsWith('|g')) state.set(key, Number(text));
    else state.set(key, [...(Array.isArray(before) ? before : []), ...text.split(':')]);
  }
  return [...state].filter(([, value]) => value !== 0).sort(([a], [b]) => (a < b ? -1 : 1));
}

describe('hot-shots: sending', () => {
  const receivers = useReceivers();
  const programs = usePrograms();
  const later = useCleanup();

  function open(options: ClientOptions, Class: Client = StatsD): StatsD {
    const client = new Class({ includeDataDogTags: false, ...options });
    later(() => new Promise<void>((resolve) => client.close(() => resolve())));
    return client;
  }

  it('says over UDP what hot-shots 17 says, for the calls of its README', async () => {
    const Theirs = fromBench('hot-shots') as Client;
    const linesOf = async (Class: Client): Promise<string[]> => {
      const receiver = await receivers.udp();
      const client = open({ host: '127.0.0.1', port: receiver.port, globalTags: { env: 'test' } }, Class);
      callsOfReadme(client);
      await new Promise<void>((resolve) => client.close(() => resolve()));
      await receiver.readAll();
      return receiver.lines.filter((line) => line !== '');
    };
    const [theirs, ours] = [await linesOf(Theirs), await linesOf(StatsD)];
    expect(ours.join('\n')).to.contain('additionalPrefix.my_counter_with_more_tags.additionalSuffix:1|c');
    expect(readByServer(ours)).to.deep.equal(readByServer(theirs));
  });

  it('over UDP a callback hears when the call has left, and how many bytes went', async () => {
    const receiver = await receivers.udp();
    const client = open({ host: '127.0.0.1', port: receiver.port });
    const bytes = await new Promise((resolve, reject) =>
      client.set(['foo', 'bar'], 42, (error, sent) => (error ? reject(error) : resolve(sent))),
    );
    await receiver.readAll();
    expect(receiver.lines.sort()).to.deep.equal(['bar:42|s', 'foo:42|s']);
    expect(bytes).to.equal(receiver.messages.join('').length);
  });

  it('where nobody listens, the callback gets an error, and the metric waits', async () => {
    const port = await freePort();
    const heard: string[] = [];
    const client = open({ host: '127.0.0.1', port, errorHandler: (error) => void heard.push(error.message) });
    const error = await new Promise<Error | null | undefined>((resolve) => client.increment('a', resolve));
    expect(error?.message).to.contain(String(port));
    const receiver = await receivers.udp({ port });
    await until('it has come', () => receiver.messages.join('\n') === 'a:1|c');
  });

  it('with a buffer it aggregates', async () => {
    const receiver = await receivers.udp();
    const client = open({
      host: '127.0.0.1',
      port: receiver.port,
      maxBufferSize: 1000,
      bufferFlushInterval: 5,
    });
    for (let at = 0; at < 100; at++) client.increment('a', 1, 0.1);
    await until('they have come', () => receiver.messages.length > 0);
    expect(receiver.messages).to.deep.equal(['a:100|c']);
  });

  it('over TCP, which is connected again when the server comes back', async () => {
    const texts: string[] = [];
    const serve = async (port: number): Promise<{ port: number; close: () => Promise<void> }> => {
      const sockets = new Set<{ destroy(): void }>();
      const server = createServer((socket) => {
        sockets.add(socket);
        socket.on('data', (data) => texts.push(String(data))).on('error', () => {});
      }).listen(port, '127.0.0.1');
      await once(server, 'listening');
      return {
        port: (server.address() as AddressInfo).port,
        async close() {
          for (const socket of sockets) socket.destroy();
          server.close();
          await once(server, 'close');
        },
      };
    };
    const first = await serve(0);
    const client = open({ host: '127.0.0.1', port: first.port, protocol: 'tcp', errorHandler() {} });
    client.increment('a');
    await until('it has come', () => texts.join('') === 'a:1|c\n');
    await first.close();
    const second = await serve(first.port);
    later(() => second.close());
    await until('another has come', () => {
      client.increment('b');
      return texts.join('').includes('b:');
    });
  });

  it('over a stream, and over a UNIX socket', async () => {
    const texts: string[] = [];
    const stream = new Writable({
      write(chunk, _encoding, next) {
        texts.push(String(chunk));
        next();
      },
    });
    const client = open({ protocol: 'stream', stream });
    client.increment('a', ['x']);
    client.event('t');
    expect(texts).to.deep.equal(['a:1|c|#x\n', '_e{1,1}:t|t\n']);

    const unix = receivers.unix();
    const other = open({ protocol: 'uds', path: unix.path, maxBufferSize: 0 });
    other.distribution('d', 3, ['x']);
    other.check('up', 0);
    const messages: string[] = [];
    await until('both have come', () => messages.push(...unix.readAll()) >= 2);
    expect(messages.sort()).to.deep.equal(['_sc|up|0', 'd:3|d|#x']);
  });

  it('loses nothing at the end of a process, which it does not keep alive', async () => {
    const receiver = await receivers.udp();
    const program = programs.node([
      '-e',
      `const StatsD = require(${JSON.stringify(ENTRY)});
       const { StatsD: Named, default: Default } = StatsD;
       if (Named !== StatsD || Default !== StatsD) throw new Error('the class has another name');
       const client = new StatsD({ port: ${receiver.port}, maxBufferSize: 1000, bufferFlushInterval: 60000 });
       client.increment('orders', 3);
       process.exit(4);`,
    ]);
    expect((await program.ended()).code).to.equal(4);
    await until('it has come', () => receiver.messages.length > 0);
    expect(receiver.messages).to.deep.equal(['orders:3|c']);
  });

  it('reads the variables of Datadog', async () => {
    const receiver = await receivers.udp();
    const program = programs.node(
      [
        '-e',
        `const StatsD = require(${JSON.stringify(ENTRY)});
         const client = new StatsD({ containerID: 'abc', cardinality: 'low' });
         client.increment('a', ['x']);
         client.increment('b', 1, { cardinality: 'high' });
         client.check('up', 0, { message: 'm' });
         client.close();`,
      ],
      {
        env: {
          DD_AGENT_HOST: '127.0.0.1',
          DD_DOGSTATSD_PORT: String(receiver.port),
          DD_ENV: 'prod',
          DD_SERVICE: 'shop',
          DD_VERSION: '7',
          DD_ENTITY_ID: 'pod-1',
          DD_EXTERNAL_ENV: 'it-1',
          DD_TAGS: 'team:a,bare',
        },
      },
    );
    expect((await program.ended()).code).to.equal(0);
    await until('three have come', () => receiver.lines.length >= 3);
    const tags = '#team:a,bare,dd.internal.entity_id:pod-1,env:prod,service:shop,version:7';
    expect(receiver.lines.sort()).to.deep.equal([
      `_sc|up|0|${tags}|c:abc|e:it-1|card:low|m:m`,
      `a:1|c|${tags},x|c:abc|e:it-1|card:low`,
      `b:1|c|${tags}|c:abc|e:it-1|card:high`,
    ]);
  });
});
