import { constants } from 'node:fs';
import { type Program, need } from '@afstatsd/testing';
import { expect } from 'chai';
import { loadLibc } from '../src/libc.js';
import { unlinkQueue, type Queue } from '../src/index.js';
import { describeBinding } from './support/each-binding.js';
import { useScripts } from './support/scripts.js';
import { useSmallQueues } from './support/small-queues.js';

const LARGEST = 0x7fff_ffff;

describeBinding('koffi', 'a mark', () => {
  const queues = useSmallQueues();
  const scripts = useScripts();
  const open = (queue: Queue, access: 'read' | 'write'): Queue => queues.open(queue.name, { access });

  it('is seen by every handle on the queue, until it is changed, taken away, or its handle is closed', () => {
    const reader = queues.make({ access: 'read' });
    const sender = open(reader, 'write');
    expect(sender.mark).to.equal(undefined);
    for (const mark of [5_000, 1_000, 20_000, 1, LARGEST, 7]) {
      expect(reader.setMark(mark)).to.equal('set');
      expect([sender.mark, reader.mark]).to.deep.equal([mark, mark]);
    }
    expect(reader.setMark(undefined)).to.equal('set');
    expect(sender.mark).to.equal(undefined);
    reader.setMark(7);
    reader.close();
    expect(sender.mark).to.equal(undefined);
  });

  it('keeps nobody from sending and receiving', () => {
    const reader = queues.make({ access: 'read' });
    const sender = open(reader, 'write');
    reader.setMark(1_000);
    let sent = 0;
    while (sender.send(Buffer.from('x'))) sent++;
    expect(sent).to.equal(reader.attributes().depth);
    expect(reader.receive(new Uint8Array(64))).to.deep.equal({ bytes: 1, priority: 0 });
    expect(sender.mark).to.equal(1_000);
  });

  it('is the lowest one of several readers', () => {
    const first = queues.make({ access: 'read' });
    const [second, sender] = [open(first, 'read'), open(first, 'write')];
    first.setMark(5_000);
    second.setMark(1_000);
    expect(sender.mark).to.equal(1_000);
    first.setMark(500);
    expect(sender.mark).to.equal(500);
    first.close();
    expect(sender.mark).to.equal(1_000);
    second.close();
    expect(sender.mark).to.equal(undefined);
  });

  it('belongs to one queue: another one with its name has none', () => {
    const old = queues.make({ access: 'read' });
    const sender = open(old, 'write');
    old.setMark(1_000);
    unlinkQueue(old.name);
    const successor = queues.make({ access: 'read' }, old.name);
    expect([sender.mark, open(successor, 'write').mark]).to.deep.equal([1_000, undefined]);
  });

  it('is no error to set again, and can be set anew after it was taken away', () => {
    const reader = queues.make({ access: 'read' });
    for (const mark of [9, 9, undefined, undefined, 9]) {
      expect(reader.setMark(mark)).to.equal('set');
      expect(reader.mark).to.equal(mark);
    }
  });

  for (const [what, mark] of [
    ['0', 0],
    ['a fraction', 1.5],
    ['more than 31 bits', LARGEST + 1],
    ['text', '5'],
  ] as const) {
    it(`can't be ${what}`, () => {
      const reader = queues.make({ access: 'read' });
      expect(() => reader.setMark(mark as number)).to.throw(/^mark must be /);
      expect(reader.mark).to.equal(undefined);
    });
  }

  it('needs read access to be set', () => {
    const sender = queues.make({ access: 'write' });
    expect(() => sender.setMark(1_000))
      .to.throw(/access 'write'/)
      .with.property('code', 'EBADF');
  });

  it('is seen by another user, who may only send, and can set none', async function () {
    need(this, 'root'); // a queue of another user
    const reader = queues.make({ access: 'read', create: { mode: 0o622 } });
    reader.setMark(2_000);
    const seen = await scripts.run(
      `const queue = require(entry).openQueue(name, { access: 'write' });
       print([queue.mark, codeOf(() => queue.setMark(1)), codeOf(() => require(entry).openQueue(name, { access: 'read' }))]);`,
      reader.name,
      { unprivileged: true },
    );
    expect(seen).to.deep.equal([2_000, 'EBADF', 'EACCES']);
    expect(reader.mark).to.equal(2_000);
  });

  /** A process that marks the queue over and over, or once, and stays. */
  async function marker(name: string, marks: string): Promise<Program> {
    const program = scripts.start(
      `const queue = require(entry).openQueue(name, { access: 'read' });
       ${marks}
       console.log('marked');
       setInterval(() => {}, 1_000);`,
      name,
    );
    await program.printed('marked');
    return program;
  }

  it('goes with its process, also when that is killed', async () => {
    const queue = queues.make({ access: 'write' });
    const program = await marker(queue.name, 'queue.setMark(3_000);');
    expect(queue.mark).to.equal(3_000);
    await program.kill('SIGKILL');
    expect(queue.mark).to.equal(undefined);
  });

  it('is never absent while it is changed', async () => {
    const queue = queues.make({ access: 'write' });
    const program = await marker(
      queue.name,
      'queue.setMark(1_000); setInterval(() => { for (let i = 1; i <= 500; i++) queue.setMark(i % 2 ? 20_000 : 1_000); });',
    );
    const seen = { '1000': 0, '20000': 0, undefined: 0 };
    const until = performance.now() + 10_000;
    for (let look = 0; look < 20_000 || (seen['20000'] === 0 && performance.now() < until); look++) {
      seen[`${queue.mark as 1_000 | 20_000 | undefined}`]++;
    }
    await program.kill('SIGKILL');
    expect(seen.undefined).to.equal(0);
    expect(seen['20000']).to.be.above(0);
  });
});

describeBinding('koffi', 'a mark beside the lock of a process that may only send', () => {
  const queues = useSmallQueues();
  const libc = loadLibc();
  const descriptors: number[] = [];
  afterEach(() => {
    for (const fd of descriptors.splice(0)) libc.close(fd);
  });

  /** Lays write locks over the ranges, through a descriptor of its own. Returns what takes them away. */
  function cover(queue: Queue, ...ranges: readonly (readonly [first: number, last: number])[]): () => void {
    const fd = libc.open(queue.name, constants.O_WRONLY | constants.O_NONBLOCK);
    descriptors.push(fd);
    for (const [first, last] of ranges) {
      const flock = new ArrayBuffer(32);
      new Int16Array(flock)[0] = 1; // F_WRLCK
      new BigInt64Array(flock).set([BigInt(first), BigInt(last - first + 1)], 1);
      expect(libc.fcntl(fd, 37, new Uint8Array(flock)), 'F_OFD_SETLK').to.equal(0);
    }
    return () => libc.close(descriptors.splice(descriptors.indexOf(fd), 1)[0]!);
  }

  it('is blocked if that covers everything, and can be set once it is gone', () => {
    const reader = queues.make({ access: 'read' });
    const uncover = cover(reader, [1, LARGEST]);
    expect([reader.setMark(1_000), reader.mark]).to.deep.equal(['blocked', undefined]);
    uncover();
    expect([reader.setMark(1_000), reader.mark]).to.deep.equal(['set', 1_000]);
  });

  it('stays as it was if that covers the next one', () => {
    const reader = queues.make({ access: 'read' });
    reader.setMark(5_000);
    const uncover = cover(reader, [500, 1_500]);
    expect([reader.setMark(1_000), reader.mark]).to.deep.equal(['blocked', 5_000]);
    uncover();
    expect([reader.setMark(1_000), reader.mark]).to.deep.equal(['set', 1_000]);
  });

  it('is found between locks on both sides', () => {
    const reader = queues.make({ access: 'read' });
    cover(reader, [1, 999], [2_000, LARGEST]);
    const other = queues.open(reader.name, { access: 'read' });
    expect([other.setMark(1_500), reader.setMark(1_200)]).to.deep.equal(['set', 'set']);
    expect(queues.open(reader.name, { access: 'write' }).mark).to.equal(1_200);
  });

  it('is blocked, and not looked for any longer, behind a thousand locks', () => {
    const reader = queues.make({ access: 'read' });
    cover(reader, ...Array.from({ length: 1_000 }, (_, i) => [3 * i + 1, 3 * i + 1] as const));
    expect([reader.setMark(10_000), reader.mark]).to.deep.equal(['blocked', undefined]);
  });
});

describeBinding('posix-mq', 'a mark', () => {
  const queues = useSmallQueues();

  it("can't be set, and isn't known", () => {
    const queue = queues.make();
    expect([queue.setMark(1_000), queue.mark]).to.deep.equal(['unsupported', undefined]);
  });

  it("isn't known of a queue on which there is one", () => {
    const queue = queues.make();
    process.env['AFSTATSD_MQ_BINDING'] = 'koffi'; // set back after the test
    queues.open(queue.name, { access: 'read' }).setMark(1_000);
    expect(queue.mark).to.equal(undefined);
  });
});
