import { type Programs, until, usePrograms, useReceivers } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { UdpDescriptorsResult } from '../programs/udp-descriptors.js';
import { programFile } from '../support/program-file.js';

/** Runs the program with few descriptors, which it uses up before it connects. */
async function run(programs: Programs, port: number): Promise<UdpDescriptorsResult> {
  const script = 'ulimit -n 128; exec "$0" "$@"';
  const program = programs.run('/bin/sh', [
    '-c',
    script,
    process.execPath,
    programFile('udp-descriptors'),
    String(port),
  ]);
  const { code, stdout, stderr } = await program.ended();
  expect(code, stderr).to.equal(0);
  return JSON.parse(stdout) as UdpDescriptorsResult;
}

/** A socket that could not be bound or connected was kept, and nothing ever left by it. */
describe('a UDP socket that could not connect', () => {
  const programs = usePrograms();
  const receivers = useReceivers();

  it('is replaced at the next flush, and holds up nothing that goes to the first of a tee', async () => {
    const receiver = await receivers.udp();
    const { without, reason, withThem, transport, first, flushed } = await run(programs, receiver.port);
    expect(without).to.deep.equal({ sent: 0, pending: 1 });
    expect(reason).to.equal(`udp 127.0.0.1:${receiver.port} (etsy): bind EMFILE 0.0.0.0`);
    expect(withThem).to.deep.equal({ sent: 2, pending: 0 });
    expect(transport).to.include({ state: 'open', refusedDatagrams: 0, messages: 1 });
    expect(flushed).to.deep.equal(Array.from({ length: 3 }, () => ({ sent: 1, pending: 0 })));
    expect(first).to.deep.equal(['tee:1|c', 'tee:1|c', 'tee:1|c']);
    await until('all has arrived', () => receiver.lines.length > 0);
    expect(receiver.lines).to.deep.equal(['hits:2|c']);
  });
});
