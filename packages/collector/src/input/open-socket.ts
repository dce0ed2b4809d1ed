import type { KnownLines } from '../lines/known-lines.js';
import type { Sender } from '../receiver.js';
import type { AnswerLimit } from './answer-limit.js';
import { DatagramPort, type PortOptions } from './datagram-port.js';
import { KernelDrops } from './kernel-drops.js';

const NEWLINE = 10;

/** A socket for datagrams, and what becomes of each of them. */
export class OpenSocket {
  readonly port: DatagramPort;
  /** Its place among those that were asked for. */
  readonly place: number;
  readonly drops: KernelDrops;
  /** The datagram that is being read, and who sent it. */
  #current = 0;
  readonly #sender = (): Sender | undefined => this.port.senderOf(this.#current);

  /**
   * Opens it.
   *
   * @param onDropped - called with the datagrams that the kernel has dropped since the last call.
   */
  constructor(options: PortOptions, place: number, onDropped: (datagrams: number) => void) {
    this.port = new DatagramPort(options);
    this.place = place;
    this.drops = new KernelDrops(this.port, onDropped);
  }

  /**
   * Reads what has come, and returns how many datagrams that were.
   *
   * @param interval - how often clients shall send, in ms, in answer to an empty datagram, which asks who listens.
   */
  read(known: KnownLines, answers: AnswerLimit, interval: () => number): number {
    const { port } = this;
    const count = port.receive();
    for (let i = 0; i < count; i++) {
      const start = port.startOf(i);
      const end = start + port.lengthOf(i);
      if (end > start) {
        this.#current = i;
        const to = port.isCut(i) ? withoutCutLine(port.bytes, start, end) : end;
        known.read(port.bytes, start, to, this.#sender);
      } else if (port.isAnswerable(i)) {
        const line = answers.next(interval());
        if (line !== undefined) port.answer(i, line);
      }
    }
    return count;
  }

  close(): void {
    this.port.hide();
    this.port.close();
  }
}

/** Makes a bad line of the last one of a datagram that was cut, which might say something else now. Returns where it ends. */
function withoutCutLine(bytes: Buffer, start: number, end: number): number {
  const last = Math.max(start, bytes.lastIndexOf(NEWLINE, end - 1) + 1);
  return last + bytes.write('(cut, because the datagram is too long)', last, end - last, 'latin1');
}
