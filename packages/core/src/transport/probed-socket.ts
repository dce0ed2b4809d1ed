import type { Socket, SocketOptions } from 'node:dgram';
import type { LookupAddress } from 'node:dns';
import { readSync } from 'node:fs';
import { closeSocket, closeWhenGone, noteClosed, makeOutside, weakly } from '../host/node-realm.js';
import { loadDgram } from '../host/builtin.js';
import { now } from '../host/clock.js';
import { RUNTIME } from '../host/runtime.js';
import { setImmediate } from '../host/timers.js';
import { Inquiry } from './inquiry.js';
import type { Sent } from './messages.js';
import { SocketError } from './libc-socket.js';
import { readNow } from './read-now.js';
import { connectFailure, descriptorOf } from './socket-handle.js';
import { UdpDatagram } from './udp-datagram.js';

/** How long a runtime may take to connect a socket to an address, in ms. */
const CONNECT_MS = 2_000;
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
  #socket: Socket | undefined;
  #connectedTo: LookupAddress | undefined;
  #isConnected = false;
  /** Until when to wait for that, by the clock of the process. */
  #connectingUntil = 0;
  /** The runtime has said later that the socket can't be connected. */
  #hasFailed = false;
  /** libc's socket, in place of the runtime's where that needs the event loop. */
  #datagram: UdpDatagram | undefined;
  #hearsSoon = false;
  /** Why there is no such socket where one is wanted: koffi can't be loaded. */
  #withoutDatagram: string | undefined;
  /** Datagrams that the runtime has taken, and hasn't answered for, where it has no count of those that wait. */
  #underWay = 0;
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
    if (this.#datagram !== undefined) return true;
    const socket: Partial<Pick<Socket, 'getSendQueueCount'>> | undefined = this.#socket;
    if (socket === undefined) return false;
    return (socket.getSendQueueCount?.() ?? this.#underWay) === 0; // Deno has no such count
  }

  /** Whether the runtime will say later that the socket is connected, or why it isn't: Bun does, within a moment. */
  get isConnecting(): boolean {
    return this.#mayConnect && now() < this.#connectingUntil;
  }

  get #mayConnect(): boolean {
    return RUNTIME === 'bun' && this.#socket !== undefined && !this.#isConnected;
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
    if (this.#mayConnect && !this.isConnecting) this.problem = 'it takes too long to connect the socket';
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
    this.#underWay++;
    this.#socket?.send(text, this.#sent);
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
    const type = address.family === 6 ? 'udp6' : 'udp4';
    const socket = makeOutside(() => loadDgram().createSocket({ type, lookup: weakly(lookUpAddress) }));
    socket.unref();
    socket.on('error', weakly(this.#failed));
    socket.on('connect', weakly(this.#connected));
    socket.on('listening', weakly(this.#lookWhetherConnected));
    socket.on('message', weakly(this.#heard));
    closeWhenGone(this, closeSocket, socket, socket);
    this.#socket = socket;
    this.#connectingUntil = now() + CONNECT_MS;
    try {
      socket.connect(this.#port, address.address);
    } catch (error) {
      this.#disconnect(); // Deno throws without --allow-net, and says so
      this.problem = (error as Error).message;
      return;
    }
    if (isConnected(socket)) this.#isConnected = true;
    // One that could not be bound has said so, and is closed.
    else if (this.#socket === socket && !this.#mayConnect)
      this.problem = connectFailure(socket, this.#port, address.address);
  }

  /**
   * Connects a socket of libc's, whose calls are done when they return: Bun connects its own later, and Deno sends by its own later.
   *
   * @returns whether that has decided it: the socket is connected, or the kernel refuses to connect it.
   */
  #connectDatagram(address: LookupAddress): boolean {
    try {
      this.#datagram = new UdpDatagram(address, this.#port);
      this.#isConnected = true;
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
    if (datagram !== undefined) return (into) => datagram.receive(into);
    const fd = this.#socket && descriptorOf(this.#socket);
    return fd === undefined ? undefined : (into) => readSync(fd, into);
  }

  #disconnect(): void {
    this.#datagram?.close();
    this.#datagram = undefined;
    const socket = this.#socket;
    if (socket !== undefined) {
      noteClosed(socket);
      socket
        .removeAllListeners('error')
        .removeAllListeners('connect')
        .removeAllListeners('listening')
        .removeAllListeners('message')
        .on('error', () => {})
        .close();
    }
    this.#socket = undefined;
    this.#connectedTo = undefined;
    this.#isConnected = false;
    this.#probe = 0;
    this.#sinceProbe = 0;
    this.#underWay = 0;
    this.inquiry.forget();
  }

  #ask(): void {
    this.#probe = ++this.#probes;
    this.#beforeProbe = this.#sinceProbe;
    this.#sinceProbe = 0;
    this.inquiry.asked({ first: !this.isOpen });
    if (this.#datagram === undefined) {
      this.#underWay++;
      this.#socket?.send('', this.#probed);
    } else this.#datagram.send('');
  }

  #pass(): void {
    this.#probe = 0;
    this.#state = 'open';
    this.problem = undefined;
  }

  readonly #connected = (): void => {
    this.#isConnected = true;
  };

  /** Bun says `connect` by `process.nextTick`, which fake timers replace. It is connected as soon as it is bound. */
  readonly #lookWhetherConnected = (): void => {
    if (this.#mayConnect && isConnected(this.#socket!)) this.#isConnected = true;
  };

  readonly #heard = (datagram: Buffer): void => this.inquiry.hear(datagram);

  readonly #failed = (error: Error): void => {
    // A refusal while a probe is under way is that of the probe.
    this.#lost(error, this.#probe === 0 && this.#sinceProbe > 0 ? 1 : 0);
    // One that could not be bound or connected never will be: the next flush makes another.
    if (this.#isConnected) return;
    this.#hasFailed = this.#mayConnect;
    this.#disconnect();
  };

  // The kernel says at the next send that a datagram was refused, and drops that one too: these are two.
  readonly #sent = (error: Error | null): void => {
    if (this.#underWay > 0) this.#underWay--;
    if (error !== null) this.#lost(error, isRefusal(error) ? 2 : 1);
  };

  readonly #probed = (error: Error | null): void => {
    if (this.#underWay > 0) this.#underWay--;
    if (error !== null) this.#lost(error, isRefusal(error) && this.#beforeProbe > 0 ? 1 : 0);
  };

  #lost(error: Error, datagrams: number): void {
    this.refused += datagrams;
    this.#state = this.#probe === 0 ? 'closed' : 'refused';
    this.#probe = 0;
    this.problem = isRefusal(error) ? 'nobody listens there (ECONNREFUSED)' : error.message;
    this.inquiry.forget();
  }
}

/** The address is known: with a look-up that answers at once, connecting is synchronous. */
const lookUpAddress: NonNullable<SocketOptions['lookup']> = (host, family, callback) =>
  callback(null, host, Number(family));

function isConnected(socket: Socket): boolean {
  try {
    socket.remoteAddress();
    return true;
  } catch {
    return false;
  }
}

function isRefusal(error: Error): boolean {
  return (error as { code?: unknown }).code === 'ECONNREFUSED';
}
