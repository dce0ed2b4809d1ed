import { type Socket, createSocket } from 'node:dgram';
import { once } from 'node:events';
import { freePort, need, until } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { type CollectorProgram, MAIN } from '../support/collector-program.js';
import { sendDatagrams } from '../support/send-datagrams.js';
import { useStage } from '../support/stage.js';

/** Node's sockets in the main thread, where no koffi can be loaded. */
const WAYS: Record<string, NodeJS.ProcessEnv> = {
  'by a thread of its own': {},
  'by the main thread': { NODE_OPTIONS: '--no-addons' },
};

/** Becomes another program, in a network namespace whose loopback has an address of IPv4 only. */
const ONLY_IPV4 = `import fcntl, os, socket, struct, sys
open('/proc/sys/net/ipv6/conf/lo/disable_ipv6', 'w').write('1')
SIOCSIFFLAGS, IFF_UP = 0x8914, 1
fcntl.ioctl(socket.socket(), SIOCSIFFLAGS, struct.pack('16sH14x', b'lo', IFF_UP))
os.execvp(sys.argv[1], sys.argv[1:])`;

describe('several UDP addresses of the program', function () {
  this.timeout(60_000);
  const at = useStage();

  async function take(host: string, port: number): Promise<Socket> {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4').bind(port, host);
    at.later(() => void socket.close());
    await once(socket, 'listening');
    return socket;
  }

  for (const [way, env] of Object.entries(WAYS)) {
    describe(way, () => {
      const listening = (...args: string[]): CollectorProgram => at.collector(args, { env });

      it('are all read, and the answer of each comes from where the question went', async function () {
        need(this, 'IPv6');
        const [one, two] = [await freePort(), await freePort()];
        const program = await listening('--udp', `127.0.0.1:${one}`, '--udp', `localhost:${two}`).ready();
        const places = [
          ['127.0.0.1', one],
          ['127.0.0.1', two],
          ['::1', two],
        ] as const;
        for (const [host, port] of places) {
          await sendDatagrams(port, ['hits:1|c'], host);
          const client = await take(host, 0);
          client.send('', port, host);
          const [answer, from] = (await once(client, 'message')) as [
            Buffer,
            { address: string; port: number },
          ];
          expect(String(answer)).to.match(/^afstatsd 1 every=/);
          expect(from).to.include({ address: host, port });
        }
        await until('all were counted', () => program.arrived.counters['hits'] === 3);
        expect(await program.kill('SIGTERM')).to.equal(0);
      });

      it('refuse to start when one of them is taken, and name it; nothing stays open', async function () {
        need(this, 'IPv6');
        const port = await freePort();
        await take('::1', port);
        const program = listening('--udp', `localhost:${port}`);
        expect(await program.exit()).to.equal(1);
        expect(program.stderr).to.include(
          `can't listen on UDP [::1]:${port} (EADDRINUSE): another program has this port; end it, or give --udp another one, or --udp off`,
        );
        await take('127.0.0.1', port);
      });

      it('leave a loopback of localhost out that the machine lacks, and refuse one that was asked for', async function () {
        need(this, 'namespace');
        need(this, 'python');
        const port = await freePort();
        const without = (...args: string[]): CollectorProgram => {
          const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
          const program = ['env', ...variables, process.execPath, MAIN, '--queue', 'off', ...args];
          return at.bare(['--net', 'python3', '-c', ONLY_IPV4, ...program], 'unshare');
        };
        const program = await without('--udp', `localhost:${port}`).ready();
        expect(program.stderr).to.include(`listening on UDP 127.0.0.1:${port}`);
        expect(program.stderr).to.include(
          `UDP [::1]:${port} is left out, because this machine has no such address`,
        );
        const other = without('--udp', `localhost:${port}`, '--udp', `[::1]:${port}`);
        expect(await other.exit()).to.equal(1);
        expect(other.stderr).to.include(`can't listen on UDP [::1]:${port} (EADDRNOTAVAIL)`);
      });
    });
  }
});
