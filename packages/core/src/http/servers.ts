import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** The message that Node publishes when an HTTP/1 server begins to answer a request, and when the response has been sent. */
export interface Served {
  /** Node's request. */
  readonly request: IncomingMessage;
  /** Node's response. */
  readonly response: ServerResponse;
  /** The connection that it came on. */
  readonly socket: Socket;
  /** The server that it came to. */
  readonly server: Server;
}

/** An observer of a server's requests. Each copy of this package has one. Its methods must not throw. */
export interface ServerObserver {
  started(served: Served): void;
  finished(served: Served): void;
}

/** An observer of the responses of all servers, until `unwatchResponses`. */
export interface ResponseWatcher {
  /** A response has been sent. Must not throw. */
  sent(served: Served): void;
}

const STARTED = 'http.server.request.start';
const FINISHED = 'http.server.response.finish';

/**
 * The property of a server that holds its observer. The number in each key is the version of the stored object, because different
 * copies of this package share it.
 */
const OBSERVER = Symbol.for('@afstatsd/http-observer@1');
/** The property of the channel that holds the subscription. A global wouldn't do, because Jest gives each test file its own. */
const SUBSCRIPTION = Symbol.for('@afstatsd/http-subscription@1');

type Observed = { [OBSERVER]?: ServerObserver | undefined };

/** A message on the channel. All of it is optional, because any code can publish any value, and an error here ends the process. */
type Announced = { readonly server?: Observed } | undefined;

/**
 * The subscription of all copies of this package in the process. It holds servers and watchers weakly, so that the copies to which
 * they belong can be let go.
 */
interface Subscription {
  readonly servers: Set<WeakRef<Server>>;
  readonly watchers: Set<WeakRef<ResponseWatcher>>;
  /** Ends it. Undefined while nothing is subscribed. */
  end: (() => void) | undefined;
}

// Node's `http` module holds this channel, so the property on it lives as long as the process.
const place = channel(STARTED) as { [SUBSCRIPTION]?: Subscription | undefined };

/** Has Node announce a server's requests to an observer, until the server closes. It replaces the server's previous observer. */
export function observe(server: Server, observer: ServerObserver): void {
  const observed = server as Observed;
  if (observed[OBSERVER] === observer) return;
  const isNew = observed[OBSERVER] === undefined;
  // Not enumerable, so that a printed server doesn't show it.
  Object.defineProperty(server, OBSERVER, { value: observer, configurable: true, writable: true });
  if (!isNew) return;
  const { servers } = subscribed();
  const entry = new WeakRef(server);
  servers.add(entry);
  server.once('close', () => {
    observed[OBSERVER] = undefined;
    servers.delete(entry);
    endIfUnused();
  });
}

/**
 * Has Node announce the responses of all servers to a watcher. The caller must hold the watcher, because it is held weakly here.
 */
export function watchResponses(watcher: ResponseWatcher): void {
  subscribed().watchers.add(new WeakRef(watcher));
}

/** Ends what `watchResponses` began. */
export function unwatchResponses(watcher: ResponseWatcher): void {
  const watchers = place[SUBSCRIPTION]?.watchers;
  if (watchers === undefined) return;
  for (const entry of watchers) if (entry.deref() === watcher) watchers.delete(entry);
  endIfUnused();
}

/** The subscription of the process. This copy takes it over, so that an older one can be let go. */
function subscribed(): Subscription {
  const all = (place[SUBSCRIPTION] ??= { servers: new Set(), watchers: new Set(), end: undefined });
  if (all.end === endOwn) return all;
  all.end?.();
  subscribe(STARTED, started);
  subscribe(FINISHED, finished);
  all.end = endOwn;
  return all;
}

function endOwn(): void {
  unsubscribe(STARTED, started);
  unsubscribe(FINISHED, finished);
}

function endIfUnused(): void {
  const all = place[SUBSCRIPTION];
  if (all === undefined) return;
  // A server that never listened emits no `close`, so its entry is removed here.
  for (const entries of [all.servers, all.watchers] as Set<WeakRef<object>>[]) {
    for (const entry of entries) if (entry.deref() === undefined) entries.delete(entry);
  }
  if (all.servers.size > 0 || all.watchers.size > 0) return;
  all.end?.();
  place[SUBSCRIPTION] = undefined;
}

function started(served: unknown): void {
  (served as Announced)?.server?.[OBSERVER]?.started(served as Served);
}

function finished(served: unknown): void {
  (served as Announced)?.server?.[OBSERVER]?.finished(served as Served);
  const watchers = place[SUBSCRIPTION]?.watchers;
  if (watchers !== undefined && watchers.size > 0) tellWatchers(watchers, served as Served);
}

function tellWatchers(watchers: Set<WeakRef<ResponseWatcher>>, served: Served): void {
  for (const entry of watchers) {
    const watcher = entry.deref();
    if (watcher === undefined) watchers.delete(entry);
    else watcher.sent(served);
  }
  if (watchers.size === 0) endIfUnused();
}
