import type { KnownLines } from '../lines/known-lines.js';
import type { Sender } from '../receiver.js';
import type { AnswerLimit } from './answer-limit.js';
import { DatagramPort, type PortOptions } from './datagram-port.js';
import { KernelDrops } from './kernel-drops.js';

const NEWLINE = 10;

/** A socket for datagrams. Each datagram is read by `KnownLines`, or answered if it is empty. */
export class OpenSocket {
  readonly port: DatagramPort;
  /** The socket's index in `ports`. */
  readonly place: number;
  readonly drops: KernelDrops;
  /** The number of the datagram that is being read. `#sender` returns its sender. */
  #current = 0;
  readonly #sender = (): Sender | undefined => this.port.senderOf(this.#current);

  /**
   * Opens the socket.
   *
   * @param onDropped - called with the datagrams that the kernel has dropped since the last call.
   */
  constructor(options: PortOptions, place: number, onDropped: (datagrams: number) => void) {
    this.port = new DatagramPort(options);
    this.place = place;
    this.drops = new KernelDrops(this.port, onDropped);
  }

  /**
   * Reads the waiting datagrams, and returns their number.
   *
   * @param interval - how often clients shall send, in ms. This is the answer to an empty datagram, which asks who listens.
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

/** Replaces the last line of a cut datagram by a bad line, because its rest might have another meaning. Returns its end. */
function withoutCutLine(bytes: Buffer, start: number, end: number): number {
  const last = Math.max(start, bytes.lastIndexOf(NEWLINE, end - 1) + 1);
  return last + bytes.write('(cut, because the datagram is too long)', last, end - last, 'latin1');
}
