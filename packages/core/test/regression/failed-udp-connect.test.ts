import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { UdpDescriptorsResult } from '../programs/udp-descriptors.js';
import { UdpReceiver } from '@afstatsd/test-servers';
import { until } from '../support/until.js';

const PROGRAM = path.join(__dirname, '..', 'programs', 'udp-descriptors.js');

/** Runs the program with few descriptors, which it uses up before it connects. */
async function run(port: number): Promise<UdpDescriptorsResult> {
  const { stdout } = await promisify(execFile)(
    '/bin/sh',
    ['-c', 'ulimit -n 128; exec "$0" "$@"', process.execPath, PROGRAM, String(port)],
    { env: { ...process.env, AFSTATSD_URL: 'memory:' }, timeout: 60_000 },
  );
  return JSON.parse(stdout) as UdpDescriptorsResult;
}

/** A socket that could not be bound or connected was kept, and nothing ever left by it. */
describe('a UDP socket that could not connect', function () {
  this.timeout(60_000);

  it('is replaced at the next flush, and holds up nothing that goes to the first of a tee', async () => {
    const receiver = await UdpReceiver.open();
    const { without, withThem, transport, first, flushed } = await run(receiver.port);
    expect(without).to.deep.equal({ sent: 0, pending: 1 });
    expect(withThem).to.deep.equal({ sent: 2, pending: 0 });
    expect(transport).to.include({ state: 'open', refusedDatagrams: 0, messages: 1 });
    expect(flushed).to.deep.equal(Array.from({ length: 3 }, () => ({ sent: 1, pending: 0 })));
    expect(first).to.deep.equal(['tee:1|c', 'tee:1|c', 'tee:1|c']);
    await until('all has arrived', () => receiver.lines.length > 0);
    expect(receiver.lines).to.deep.equal(['hits:2|c']);
  });
});
