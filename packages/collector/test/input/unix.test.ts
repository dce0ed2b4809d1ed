import { chmodSync, chownSync, existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { StatsdClient, UDSTransport } from '@afstatsd/core';
import { UnixReceiver, need, until } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { isKnownLayout } from '../../src/input/libc.js';
import { type CollectorProgram, MAIN } from '../support/collector-program.js';
import { sendToUnix } from '../support/send-to-unix.js';
import { useStage } from '../support/stage.js';

/** Root without these rights is like any user, but can read the checkout. */
const AS_ANY_USER = ['--bounding-set', '-chown,-dac_override,-dac_read_search', '--inh-caps', '-all'];

describe("the collector's UNIX sockets", function () {
  this.timeout(60_000);
  const at = useStage();

  before(function () {
    if (!isKnownLayout()) this.skip();
  });

  const socketPath = (): string => path.join(at.directory(), 'statsd.socket');
  const modeOf = (file: string): number => statSync(file).mode & 0o777;
  const counted = (program: CollectorProgram, name: string): number => program.arrived.counters[name] ?? 0;

  async function collecting(file: string, ...args: string[]): Promise<CollectorProgram> {
    return at.collector(['--unix', file, ...args]).ready();
  }

  it('takes datagrams of our client, with tags, and removes its file at the end', async () => {
    const file = socketPath();
    const program = await collecting(file);
    expect(program.stderr).to.include(`listening on UNIX socket ${file}`);
    const client = new StatsdClient({ transport: new UDSTransport({ path: file }), interval: Infinity });
    client.increment('orders', { tags: { method: 'card' } });
    await client.shutdown();
    await until('it was counted', () =>
      Object.keys(program.arrived.counters).some((name) => /^orders\{.*method=card/.test(name)),
    );
    expect(await program.kill('SIGTERM')).to.equal(0);
    expect(existsSync(file)).to.equal(false);
  });

  it('counts all that came before it is ended', async () => {
    const file = socketPath();
    const program = await collecting(file);
    sendToUnix(file, Array(2000).fill('hits:1|c\nlevel:2.5|g'));
    expect(await program.kill('SIGTERM')).to.equal(0);
    expect(counted(program, 'hits')).to.equal(2000);
    expect(counted(program, 'afstatsd.collector.messages{input=unix}')).to.equal(2000);
  });

  it('reads what fits of a datagram over 65,536 bytes, and counts the cut line as a bad one', async () => {
    const file = socketPath();
    const program = await collecting(file);
    sendToUnix(file, ['hits:1|c\n'.repeat(7281) + 'hits:1|c|#region:eu\n'.repeat(100), 'end:1|c']);
    await until('all has arrived', () => counted(program, 'end') === 1);
    expect(counted(program, 'hits')).to.equal(7281);
    // The collector tells its own numbers at each interval.
    await until('it is told', () => counted(program, 'afstatsd.collector.bad_lines{input=unix}') === 1);
    await program.printed('UNIX socket: a line can\'t be read as a metric: "(cut');
  });

  it('answers an empty datagram of a sender that has a name, and no other', async () => {
    const file = socketPath();
    const program = await collecting(file, '--client-interval', '5s');
    const client = new UnixReceiver(path.join(at.directory(), 'client'));
    at.later(() => client.remove());
    sendToUnix(file, ['', 'hits:1|c']);
    sendToUnix(file, [''], client.descriptor);
    let answer: string | undefined;
    await until('it is answered', () => (answer = client.read()) !== undefined);
    expect(answer).to.equal('afstatsd 1 every=5000\n');
    await until('the line was counted', () => counted(program, 'hits') === 1);
    expect(counted(program, 'afstatsd.collector.bad_lines{input=unix}')).to.equal(0);
  });

  it('lets every user send, and only its own read, whatever the umask', async () => {
    const file = socketPath();
    const before = process.umask(0o077);
    const program = at.collector(['--unix', file]);
    process.umask(before);
    await program.ready();
    expect(modeOf(file)).to.equal(0o622);
  });

  it('has the mode and the owner that it was given', async function () {
    need(this, 'root');
    need(this, 'python');
    const file = socketPath();
    chmodSync(path.dirname(file), 0o755);
    await collecting(file, '--unix-mode', '660', '--unix-owner', '1234:5678');
    expect(modeOf(file)).to.equal(0o660);
    expect([statSync(file).uid, statSync(file).gid]).to.deep.equal([1234, 5678]);
    const script = `import socket, sys
socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"hits:1|c", sys.argv[1])`;
    const sendAs = (gid: string): Promise<unknown> =>
      at
        .command('setpriv', [...AS_ANY_USER, '--regid', gid, '--clear-groups', 'python3', '-c', script, file])
        .exit();
    expect([await sendAs('4321'), await sendAs('5678')]).to.deep.equal([1, 0]);
  });

  it('takes the place of a socket that nobody reads any more, as SIGKILL leaves it', async () => {
    const file = socketPath();
    const first = await collecting(file);
    await first.kill('SIGKILL');
    expect(existsSync(file)).to.equal(true);
    const second = await collecting(file);
    sendToUnix(file, ['hits:1|c']);
    await until('it was counted', () => counted(second, 'hits') === 1);
  });

  const refused: Record<string, (file: string) => [path: string, reason: RegExp]> = {
    'one that another program reads': (file) => {
      const other = new UnixReceiver(file);
      at.later(() => other.remove());
      return [file, /\(EADDRINUSE\): another program reads it/];
    },
    'a file that is no socket': (file) => {
      writeFileSync(file, 'precious');
      return [file, /\(ENOTSOCK\): there is a file that is no socket/];
    },
    'a directory that does not exist': (file) => [
      `${file}/absent/socket`,
      /\(ENOENT\): its directory does not exist/,
    ],
  };
  for (const [what, prepare] of Object.entries(refused)) {
    it(`refuses ${what}, says why, and leaves it alone`, async () => {
      const file = socketPath();
      const [wanted, reason] = prepare(file);
      const before = readdirSync(path.dirname(file));
      const program = at.collector(['--unix', wanted]);
      expect(await program.exit()).to.equal(1);
      expect(program.stderr).to.match(reason).and.to.include(`UNIX socket ${wanted} can't be read`);
      expect(readdirSync(path.dirname(file))).to.deep.equal(before);
    });
  }

  it('refuses a directory that it may not write to, and an owner that it may not give it to', async function () {
    need(this, 'root');
    need(this, 'namespace');
    const directory = at.directory();
    const as = (file: string, ...args: string[]): CollectorProgram =>
      at.bare(
        [...AS_ANY_USER, process.execPath, MAIN, '--queue', 'off', '--udp', 'off', '--unix', file, ...args],
        'setpriv',
      );
    chownSync(directory, 1234, 1234);
    chmodSync(directory, 0o755);
    const first = as(path.join(directory, 'socket'));
    expect(await first.exit()).to.equal(1);
    expect(first.stderr).to.match(/\(EACCES\): this user may not make it there/);
    chownSync(directory, 0, 0);
    const second = as(path.join(directory, 'socket'), '--unix-owner', '1:1');
    expect(await second.exit()).to.equal(1);
    expect(second.stderr).to.match(/\(EPERM\): this user may not give it to the owner/);
    expect(readdirSync(directory)).to.deep.equal([]);
  });

  it('makes its file again when somebody has removed it', async () => {
    const file = socketPath();
    const program = await collecting(file);
    rmSync(file);
    await program.printed(`UNIX socket ${file} had been removed by somebody, and was made again`);
    sendToUnix(file, ['hits:1|c']);
    await until('it was counted', () => counted(program, 'hits') === 1);
    expect(modeOf(file)).to.equal(0o622);
  });

  it('ends with a reason when another program has taken its place, and leaves that one alone', async () => {
    const file = socketPath();
    const program = await collecting(file);
    rmSync(file);
    const other = new UnixReceiver(file);
    at.later(() => other.remove());
    expect(await program.exit()).to.equal(1);
    expect(program.stderr).to.include(`UNIX socket ${file} can't be read any more (EADDRINUSE)`);
    expect(existsSync(file)).to.equal(true);
  });

  it('can be several, beside UDP', async () => {
    const files = [socketPath(), socketPath()];
    const program = await collecting(files[0]!, '--unix', files[1]!);
    for (const file of files) sendToUnix(file, ['hits:1|c']);
    await until('both were counted', () => counted(program, 'hits') === 2);
  });

  it('cannot be had without koffi, and says so', async () => {
    const program = at.collector(['--unix', socketPath()], { env: { NODE_OPTIONS: '--no-addons' } });
    expect(await program.exit()).to.equal(1);
    expect(program.stderr).to.match(/UNIX sockets \(--unix\) can't be read here: /);
  });
});
