import { Writable } from 'node:stream';
import { freePort, until } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { Log } from '../src/log.js';
import { StandardOutput } from '../src/standard-output.js';
import { type CollectorProgram, MAIN } from './support/collector-program.js';
import { sendDatagrams } from './support/send-datagrams.js';
import { useStage } from './support/stage.js';

describe('standard output', () => {
  const at = useStage();
  /** A collector that a shell starts. */
  const started = (script: string, args: readonly string[]): CollectorProgram => {
    const all = [MAIN, '--queue', 'off', '--json', '--interval', '20ms', ...args];
    return at.bare(['-c', script, 'sh', process.execPath, ...all], 'sh');
  };

  it('on a full disk is said once, and the collector goes on', async () => {
    const [udp, page] = [await freePort(), await freePort()];
    const args = ['--udp', `127.0.0.1:${udp}`, '--prometheus', `127.0.0.1:${page}`];
    const collector = await started('exec "$@" > /dev/full', args).ready();
    await collector.printed('standard output fails: ENOSPC');
    await sendDatagrams(udp, ['hits:1|c']);
    await until('it is on the page', async () =>
      (await (await fetch(`http://127.0.0.1:${page}/metrics`)).text()).includes('\nhits_total 1\n'),
    );
    expect(collector.child.exitCode).to.equal(null);
    expect(collector.stderr.match(/standard output/g)).to.have.length(1);
  });

  it('without a reader ends it, with a word', async () => {
    const script = '{ "$@"; echo "ended with $?" >&2; } | head -n 1';
    const collector = started(script, ['--udp', `127.0.0.1:${await freePort()}`]);
    await collector.printed('ended with 0\n');
    expect(
      collector.stderr.match(/standard output has no reader any more \(EPIPE\): the collector ends\n/g),
    ).to.have.length(1);
  });

  it('that works again shows what has added up, from a new line on', async () => {
    const lines: string[] = [];
    let [full, written] = [true, ''];
    const stream = new Writable({
      // As process.stdout does: it goes on after an error.
      destroy(this: Writable & { _undestroy?: () => void }, error, done) {
        done(error);
        this._undestroy?.();
      },
      write(chunk: Buffer, _, done) {
        if (!full) written += chunk.toString();
        done(full ? Object.assign(new Error('ENOSPC: no space'), { code: 'ENOSPC' }) : null);
      },
    });
    const output = new StandardOutput(
      stream as unknown as ConstructorParameters<typeof StandardOutput>[0],
      new Log((line) => lines.push(line)),
      () => lines.push('gone'),
    );
    expect(output.busy()).to.equal(false);
    output.write('{"a":1}\n');
    await until('it has failed', () => output.busy());
    full = false;
    await until('it works', () => !output.busy());
    output.write('{"a":2}\n');
    await until('it is written', () => written.endsWith('{"a":2}\n'));
    expect(written).to.match(/^\n+\{"a":2\}\n$/);
    expect(lines).to.deep.equal([
      'afstatsd-collector: warning: standard output fails: ENOSPC: no space; metrics add up here until it works again',
      'afstatsd-collector: standard output works again',
    ]);
  });
});
