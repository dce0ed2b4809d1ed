import type { LookupAddress } from 'node:dns';
import { RUNTIME } from '../host/runtime.js';
import { setImmediate } from '../host/timers.js';
import { Inquiry } from './inquiry.js';
import type { Sent } from './messages.js';
import { SocketError } from './libc-socket.js';
import { readNow } from './read-now.js';
import { RuntimeSocket, type SocketOwner } from './runtime-socket.js';
import { UdpDatagram } from './udp-datagram.js';

/** How many answers are read at once. */
const MOST_ANSWERS = 16;

/**
 * A connected UDP socket that sends a probe, an empty datagram, before it is used. If nobody listens, the host refuses the probe.
 * If no refusal comes within two turns of the event loop, the probe has passed.
 */
export class ProbedSocket {
  /** The kind of receiver, learned from its answers. */
  readonly inquiry: Inquiry = new Inquiry();
  /** The reason why nothing can be sent, for people. Undefined while there is no problem, and after a probe has passed. */
  problem: string | undefined;
  /** Datagrams that the receiver's host refused. */
  refused = 0;
  readonly #port: number;
  #socket: RuntimeSocket | undefined;
  #connectedTo: LookupAddress | undefined;
  /** Whether the runtime has reported, asynchronously, that the socket can't be connected. */
  #hasFailed = false;
  /** The socket of libc, used if the runtime's own socket needs the event loop. */
  #datagram: UdpDatagram | undefined;
  #hearsSoon = false;
  /** The reason why libc's socket can't be used: koffi can't be loaded. */
  #withoutDatagram: string | undefined;
  /** `refused`: the last probe came back. */
  #state: 'closed' | 'refused' | 'open' = 'closed';
  /** The number of the pending probe, or 0. While a probe is pending nothing may leave. */
  #probe = 0;
  #probes = 0;
  /** Datagrams since the last probe, and between the last two probes. */
  #sinceProbe = 0;
  #beforeProbe = 0;

  constructor(port: number) {
    this.#port = port;
  }

  /** Whether a probe has passed, and nothing was refused since. */
  get isOpen(): boolean {
    return this.#state === 'open';
  }

  /** Whether datagrams may leave, because no probe is pending. */
  get isReady(): boolean {
    return this.isOpen && this.#probe === 0;
  }

  /** Whether the kernel has taken all that was sent. */
  get isIdle(): boolean {
    return this.#datagram !== undefined || this.#socket?.isIdle === true;
  }

  /** Whether the runtime is still connecting the socket. Bun reports the result asynchronously, within a moment. */
  get isConnecting(): boolean {
    return this.#socket?.isConnecting === true;
  }

  get #isConnected(): boolean {
    return this.#datagram !== undefined || this.#socket?.isConnected === true;
  }

  /**
   * Connects to this address, unless the socket is connected to it already. Returns whether it is connected.
   *
   * @param ending - whether there will be no next turn of the event loop.
   */
  connect(address: LookupAddress, ending: boolean): boolean {
    if (this.#hasFailed) {
      this.#hasFailed = false;
      if (!ending) return false;
    }
    if (address.address !== this.#connectedTo?.address) {
      this.#connect(address);
      if (this.#socket === undefined) this.#hasFailed = false; // it is known now, not later
    } else this.#hearDatagrams();
    if (this.#socket?.mayConnect === true && !this.isConnecting)
      this.problem = 'it takes too long to connect the socket';
    if (ending && !this.#isConnected && this.#withoutDatagram !== undefined)
      this.problem = `at the end of the process: ${this.#withoutDatagram}`;
    return this.#isConnected;
  }

  /** Whether the last probe was refused a moment ago. It is true only once, so that the next call sends a new probe. */
  takeRefusal(): boolean {
    if (this.#state !== 'refused' || this.inquiry.isDue) return false;
    this.#state = 'closed';
    return true;
  }

  /** Sends a probe if datagrams must wait for one, or if a probe is due and its answer is of interest. */
  askIfDue(isOfInterest: boolean): void {
    if (this.#probe !== 0 || (this.isOpen && !(isOfInterest && this.inquiry.isDue))) return;
    try {
      this.#ask();
    } catch (error) {
      // The error of libc's socket belongs to the datagram before. The probe itself wasn't sent.
      this.#lost(error as Error, isRefusal(error as Error) && this.#beforeProbe > 0 ? 1 : 0);
      return;
    }
    const probe = this.#probe;
    const pass = (): void => {
      if (this.#probe === probe) this.#hearDatagrams();
      if (this.#probe === probe) this.#pass();
    };
    setImmediate(() => setImmediate(pass));
  }

  /**
   * Waits for the first answer with the thread stopped, if none has come yet. It is for the end of the process.
   *
   * @param longest - how long the first answer may take, in ms.
   * @returns false if it is known that nobody listens.
   */
  hearNow(longest: number): boolean {
    if (!this.#isConnected) return false;
    if (this.inquiry.every !== undefined) return true;
    try {
      if (!this.isOpen && this.#probe === 0) this.#ask();
      const read = this.#reader();
      const answer = read && readNow(read, this.inquiry.waitForAnswer(longest));
      if (answer !== undefined) this.inquiry.hear(answer);
      this.#pass();
      return true;
    } catch (error) {
      this.#lost(error as Error, this.#sinceProbe > 0 ? 1 : 0);
      return false;
    }
  }

  /** Sends a datagram. The socket is connected, so the datagram leaves at once, also in a listener of `exit`. */
  send(text: string): Sent {
    if (this.#datagram !== undefined) return this.#sendByDatagram(this.#datagram, text);
    this.#socket?.send(text);
    this.#sinceProbe++;
    return 'ok';
  }

  close(): void {
    this.#disconnect();
    this.#hasFailed = false;
    this.#state = 'closed';
    this.problem = undefined;
  }

  #connect(address: LookupAddress): void {
    this.#disconnect();
    this.#state = 'closed';
    this.#connectedTo = address;
    if (RUNTIME !== 'node' && this.#connectDatagram(address)) return;
    const socket = new RuntimeSocket(address, this.#port, this.#owner);
    this.#socket = socket;
    try {
      socket.connect();
    } catch (error) {
      this.#disconnect();
      this.problem = (error as Error).message;
      return;
    }
    // A socket that couldn't be bound has called `failed`, and is closed by now.
    if (!socket.isConnected && this.#socket === socket && !socket.mayConnect) this.problem = socket.failure;
  }

  /**
   * Connects a socket of libc, because its calls are done when they return. Bun connects its own sockets later, and Deno sends
   * later.
   *
   * @returns true if the socket is connected, or if the kernel refuses to connect it. False if the runtime's socket must be tried.
   */
  #connectDatagram(address: LookupAddress): boolean {
    try {
      this.#datagram = new UdpDatagram(address, this.#port);
      return true;
    } catch (error) {
      if (error instanceof SocketError) {
        this.#disconnect();
        this.problem = `${error.syscall} ${error.code} ${address.address}:${this.#port}`;
        return true;
      }
      // For instance, koffi isn't installed. The runtime's own socket works while the event loop turns.
      this.#withoutDatagram = (error as Error).message;
      return false;
    }
  }

  /** Looks for a refusal in the next turn, because a local host without a listener refuses at once. */
  #hearSoon(): void {
    if (this.#hearsSoon) return;
    this.#hearsSoon = true;
    setImmediate(() => {
      this.#hearsSoon = false;
      this.#hearDatagrams();
    });
  }

  /** Reads answers and refusals from libc's socket, because it has no events. */
  #hearDatagrams(): void {
    const datagram = this.#datagram;
    if (datagram === undefined) return;
    try {
      // Bounded, because a receiver may answer without end.
      for (let i = 0; i < MOST_ANSWERS; i++) {
        const answer = readNow((into) => datagram.receive(into), 0);
        if (answer === undefined) return;
        this.inquiry.hear(answer);
      }
    } catch (error) {
      // A refusal while a probe is pending answers the probe, so no datagram was lost.
      this.#lost(error as Error, this.#probe === 0 && this.#sinceProbe > 0 ? 1 : 0);
    }
  }

  #sendByDatagram(datagram: UdpDatagram, text: string): Sent {
    try {
      if (!datagram.send(text)) return 'full';
      this.#sinceProbe++;
      this.#hearSoon();
      return 'ok';
    } catch (error) {
      this.#lost(error as Error, isRefusal(error as Error) && this.#sinceProbe > 0 ? 1 : 0);
      return 'unavailable';
    }
  }

  /** A function that reads a datagram synchronously. Undefined without koffi on a runtime that hides its descriptors. */
  #reader(): ((into: Uint8Array) => number) | undefined {
    const datagram = this.#datagram;
    return datagram === undefined ? this.#socket?.reader : (into) => datagram.receive(into);
  }

  #disconnect(): void {
    this.#datagram?.close();
    this.#datagram = undefined;
    this.#socket?.close();
    this.#socket = undefined;
    this.#connectedTo = undefined;
    this.#probe = 0;
    this.#sinceProbe = 0;
    this.inquiry.forget();
  }

  #ask(): void {
    this.#probe = ++this.#probes;
    this.#beforeProbe = this.#sinceProbe;
    this.#sinceProbe = 0;
    this.inquiry.asked({ first: !this.isOpen });
    if (this.#datagram === undefined) this.#socket?.probe();
    else this.#datagram.send('');
  }

  #pass(): void {
    this.#probe = 0;
    this.#state = 'open';
    this.problem = undefined;
  }

  readonly #owner: SocketOwner = {
    heard: (datagram) => this.inquiry.hear(datagram),
    failed: (error) => {
      // A refusal while a probe is pending answers the probe, so no datagram was lost.
      this.#lost(error, this.#probe === 0 && this.#sinceProbe > 0 ? 1 : 0);
      // A socket that couldn't be bound or connected stays useless, so the next flush makes another.
      if (this.#isConnected) return;
      this.#hasFailed = this.#socket?.mayConnect === true;
      this.#disconnect();
    },
    // The kernel reports a refusal at the next send and drops that datagram too, so two are lost.
    notSent: (error) => this.#lost(error, isRefusal(error) ? 2 : 1),
    notProbed: (error) => this.#lost(error, isRefusal(error) && this.#beforeProbe > 0 ? 1 : 0),
  };

  #lost(error: Error, datagrams: number): void {
    this.refused += datagrams;
    this.#state = this.#probe === 0 ? 'closed' : 'refused';
    this.#probe = 0;
    this.problem = isRefusal(error) ? 'nobody listens there (ECONNREFUSED)' : error.message;
    this.inquiry.forget();
  }
}

function isRefusal(error: Error): boolean {
  return (error as { code?: unknown }).code === 'ECONNREFUSED';
}
