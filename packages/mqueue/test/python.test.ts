import { spawnSync } from 'node:child_process';
import { need } from '@afstatsd/testing';
import { expect } from 'chai';
import { describeEachBinding } from './support/each-binding.js';
import { useSmallQueues } from './support/small-queues.js';

const prelude = `
import ctypes, os, sys
rt = ctypes.CDLL('librt.so.1', use_errno=True)
rt.mq_receive.restype = ctypes.c_ssize_t
name = sys.argv[1].encode() if len(sys.argv) > 1 else b''
`;
const receiveAll = `
queue = rt.mq_open(name, os.O_RDONLY | os.O_NONBLOCK)
into = ctypes.create_string_buffer(64)
priority = ctypes.c_uint()
while (length := rt.mq_receive(queue, into, 64, ctypes.byref(priority))) >= 0:
    print(priority.value, into.raw[:length].hex())
`;
const sendTwo = `
queue = rt.mq_open(name, os.O_WRONLY | os.O_NONBLOCK)
assert rt.mq_send(queue, b'\\x00\\xff', 2, 4) == 0
assert rt.mq_send(queue, b'', 0, 9) == 0
`;

function runPython(script: string, ...args: string[]): { status: number | null; stdout: string } {
  return spawnSync('python3', ['-c', prelude + script, ...args], { encoding: 'utf8' });
}

describeEachBinding('Python, an independent program,', () => {
  const queues = useSmallQueues();

  before(function () {
    need(this, 'python');
  });

  it('receives what is sent', () => {
    const queue = queues.make();
    queue.send(Uint8Array.of(0, 1, 254, 255));
    queue.send(Buffer.from('first'), 7);
    const first = Buffer.from('first').toString('hex');
    expect(runPython(receiveAll, queue.name).stdout).to.equal(`7 ${first}\n0 0001feff\n`);
  });

  it('sends what is received', () => {
    const queue = queues.make();
    expect(runPython(sendTwo, queue.name).status).to.equal(0);
    const into = new Uint8Array(64);
    expect(queue.receive(into)).to.deep.equal({ bytes: 0, priority: 9 });
    expect(queue.receive(into)).to.deep.equal({ bytes: 2, priority: 4 });
    expect([...into.subarray(0, 2)]).to.deep.equal([0, 255]);
  });
});
