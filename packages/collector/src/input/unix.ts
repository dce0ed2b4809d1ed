import { readFileSync } from 'node:fs';
import type { Log } from '../log.js';
import type { Receiver } from '../receiver.js';
import { DatagramThread, PortFailure, Unavailable } from './datagram-thread.js';
import type { Input } from './input.js';
import { isKnownLayout } from './libc.js';
import type { Owner } from '../config/options.js';

/** A UNIX socket that holds fewer datagrams than this is small. */
const FEW_DATAGRAMS = 128;
const ENOUGH_DATAGRAMS = 512;

export interface UnixInputOptions {
  /** Absolute paths. */
  readonly paths: readonly string[];
  readonly mode: number;
  readonly owner?: Owner | undefined;
}

/** Receives StatsD datagrams on UNIX sockets, in its own thread. Needs koffi on 64-bit Linux: Node.js has no such sockets. */
export class UnixInput implements Input {
  readonly #options: UnixInputOptions;
  readonly #log: Log;
  readonly #thread: DatagramThread;

  /** @param onFailure - called when a started reader can't go on. */
  constructor(options: UnixInputOptions, receiver: Receiver, log: Log, onFailure: (error: Error) => void) {
    this.#options = options;
    this.#log = log;
    this.#thread = new DatagramThread({
      receiver,
      input: 'unix',
      onFailure: (error) =>
        onFailure(
          error instanceof PortFailure
            ? this.#explain(error, "can't be read any more")
            : new Error(`UNIX sockets can't be read any more: ${error.message}`),
        ),
      onMadeAgain: (port) =>
        log.warn(`UNIX socket ${options.paths[port]} had been removed by somebody, and was made again`),
    });
  }

  set clientInterval(ms: number) {
    this.#thread.clientInterval = ms;
  }

  /** Rejects with an error that says what to do, for instance when another program reads the socket. */
  async start(): Promise<void> {
    const { paths, mode, owner } = this.#options;
    if (!isKnownLayout()) throw new Error('UNIX sockets (--unix) can only be read on 64-bit Linux');
    try {
      const ports = paths.map((path) => ({ family: 'unix' as const, path, mode, owner }));
      await this.#thread.start({ ports, optional: [], gathers: false });
    } catch (error) {
      if (error instanceof PortFailure) throw this.#explain(error, "can't be read");
      if (error instanceof Unavailable)
        throw new Error(`UNIX sockets (--unix) can't be read here: ${error.message}`, { cause: error });
      throw error;
    }
    for (const path of paths) this.#log.info(`listening on UNIX socket ${path}`);
    this.#advise();
  }

  /** Takes the datagrams that have arrived already, and removes the sockets' files. `timeout` is the longest time, in ms. */
  stop(timeout: number): Promise<void> {
    return this.#thread.stop(timeout);
  }

  #explain(error: PortFailure, what: string): Error {
    const { code = '', message, port } = error;
    const advice: Record<string, string> = {
      EADDRINUSE: 'another program reads it, or may not be asked; end it, or give --unix another path',
      ENOTSOCK: 'there is a file that is no socket; remove it, or give --unix another path',
      ENOENT: 'its directory does not exist; make it',
      ENOTDIR: 'its directory is a file',
      EACCES: 'this user may not make it there; give this user the directory',
      EROFS: 'the file system is read-only',
      EPERM: 'this user may not give it to the owner of --unix-owner; start as root, or leave the option out',
    };
    const text = `UNIX socket ${this.#options.paths[port]} ${what} (${code})`;
    return new Error(`${text}: ${advice[code] ?? message}`, { cause: error });
  }

  /** Advises to raise a low limit, because senders wait or drop samples while the socket is full. */
  #advise(): void {
    const holds = datagramsHeld();
    if (holds === undefined || holds >= FEW_DATAGRAMS) return;
    this.#log.info(
      `a UNIX socket holds ${holds} datagrams here, so clients that don't wait drop more. Raise net.unix.max_dgram_qlen (sysctl -w net.unix.max_dgram_qlen=${ENOUGH_DATAGRAMS}, docker run --sysctl), and start the collector again`,
    );
  }
}

function datagramsHeld(): number | undefined {
  try {
    return Number(readFileSync('/proc/sys/net/unix/max_dgram_qlen', 'utf8'));
  } catch {
    return undefined; // a sandbox may hide it
  }
}
