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
 * A connected UDP socket that asks who listens before it is used: with an empty datagram, which is refused where nobody does.
 * If none comes back within two turns of the event loop, somebody listens, or nobody says otherwise.
 */
export class ProbedSocket {
  /** What answers say of the receiver. */
  readonly inquiry: Inquiry = new Inquiry();
  /** Why nothing can be sent, for people. It is undefined until something is wrong, and once a probe has passed. */
  problem: string | undefined;
  /** Datagrams that are known to have reached nobody. */
  refused = 0;
  readonly #port: number;
  #socket: RuntimeSocket | undefined;
  #connectedTo: LookupAddress | undefined;
  /** The runtime has said later that the socket can't be connected. */
  #hasFailed = false;
  /** libc's socket, in place of the runtime's where that needs the event loop. */
  #datagram: UdpDatagram | undefined;
  #hearsSoon = false;
  /** Why there is no such socket where one is wanted: koffi can't be loaded. */
  #withoutDatagram: string | undefined;
  /** `refused`: the last probe came back. */
  #state: 'closed' | 'refused' | 'open' = 'closed';
  /** The number of the probe that is under way, 0 for none. Meanwhile nothing may leave. */
  #probe = 0;
  #probes = 0;
  /** Datagrams since the last probe, and between that one and the one before. */
  #sinceProbe = 0;
  #beforeProbe = 0;

  constructor(port: number) {
    this.#port = port;
  }

  /** Whether a probe has passed, and nothing was refused since. */
  get isOpen(): boolean {
    return this.#state === 'open';
  }

  /** Whether datagrams may leave: no probe is under way. */
  get isReady(): boolean {
    return this.isOpen && this.#probe === 0;
  }

  /** Whether the kernel has taken all that was sent. */
  get isIdle(): boolean {
    return this.#datagram !== undefined || this.#socket?.isIdle === true;
  }

  /** Whether the runtime will say later that the socket is connected, or why it isn't: Bun does, within a moment. */
  get isConnecting(): boolean {
    return this.#socket?.isConnecting === true;
  }

  get #isConnected(): boolean {
    return this.#datagram !== undefined || this.#socket?.isConnected === true;
  }

  /**
   * Connects to this address, unless it is connected to it. Returns whether it is.
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

  /** Whether the last probe came back a moment ago. That is said once: the next time it is asked again. */
  takeRefusal(): boolean {
    if (this.#state !== 'refused' || this.inquiry.isDue) return false;
    this.#state = 'closed';
    return true;
  }

  /** Asks, if nothing may be sent before that, or if it is time and the answer is of interest. */
  askIfDue(isOfInterest: boolean): void {
    if (this.#probe !== 0 || (this.isOpen && !(isOfInterest && this.inquiry.isDue))) return;
    try {
      this.#ask();
    } catch (error) {
      // libc's socket says that the datagram before was refused, and hasn't sent this one.
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
   * Takes the first answer with the thread stopped, if there hasn't been time for it before: for the end of the process.
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

  /** Sends a datagram. Connected, so it leaves at once, and also in a listener of `exit`. */
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
    // One that could not be bound has said so, and is closed.
    if (!socket.isConnected && this.#socket === socket && !socket.mayConnect) this.problem = socket.failure;
  }

  /**
   * Connects a socket of libc's, whose calls are done when they return: Bun connects its own later, and Deno sends by its own later.
   *
   * @returns whether that has decided it: the socket is connected, or the kernel refuses to connect it.
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
      // Without koffi, for instance. The runtime's own socket does while the event loop runs.
      this.#withoutDatagram = (error as Error).message;
      return false;
    }
  }

  /** A host without a listener says so at once. */
  #hearSoon(): void {
    if (this.#hearsSoon) return;
    this.#hearsSoon = true;
    setImmediate(() => {
      this.#hearsSoon = false;
      this.#hearDatagrams();
    });
  }

  /** Takes what has come for libc's socket, which has no events: answers, and that nobody listens. */
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
      // A refusal while a probe is under way is that of the probe.
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

  /** What takes a datagram with the thread stopped; undefined on a runtime that hides its descriptors, without koffi. */
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
      // A refusal while a probe is under way is that of the probe.
      this.#lost(error, this.#probe === 0 && this.#sinceProbe > 0 ? 1 : 0);
      // One that could not be bound or connected never will be: the next flush makes another.
      if (this.#isConnected) return;
      this.#hasFailed = this.#socket?.mayConnect === true;
      this.#disconnect();
    },
    // The kernel says at the next send that a datagram was refused, and drops that one too: these are two.
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
