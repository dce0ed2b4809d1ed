import { Findings } from './finding.js';

/** Anything with these methods; `warn` or `warning`. pino, winston, bunyan and console are such loggers. A `message` is one line. */
export interface Logger {
  /** Never called. */
  debug?(message: string): void;
  /** Gets what is no problem: where metrics go, each time that it changes. */
  info?(message: string): void;
  /** Gets problems: one line for each kind, and for each change of the transport. */
  warn?(message: string): void;
  /** Gets them where there is no `warn`. */
  warning?(message: string): void;
  /** Never called. */
  error?(message: string): void;
}

/** A problem that instrumentation met. It was handled: nothing was thrown into the app. */
export class StatsdWarning extends Error {
  override readonly name = 'StatsdWarning';
}

/** Bounds the memory, because callers of `warnOnce` may invent kinds at run time. */
const MAX_KINDS = 1_000;
/** The latest lines that are kept for whoever asks. */
const MAX_RECENT = 5;
/** Names for which the same kind of problem is said. Enough to find each mistake in a program, and no flood. */
const MAX_NAMES = 20;

/**
 * Tells people what went wrong, at most once per kind or change of state: to the logger or, without one, with
 * `process.emitWarning`; and to `onError`. What these two throw is theirs, and goes no further.
 */
export class Report {
  /** Gets the lines; without one they go to `process.emitWarning`. */
  logger: Logger | undefined;
  /** Gets each problem as a `StatsdWarning`, beside the logger. */
  onError: ((error: Error) => void) | undefined;
  /** Node shows no warning that is emitted while the process ends; from then on they go to stderr directly. */
  exiting = false;
  /** The latest lines that were said once, the last one last. */
  recent: readonly string[] = [];
  /** Findings in the app's code, for the collector's page. */
  readonly findings: Findings = new Findings();
  /** The names for which a kind was said; one without a name is said for the empty one. */
  readonly #said = new Map<string, Set<string>>();

  /**
   * Takes who is told from now on.
   *
   * @param settings - The logger and the callback; undefined for none.
   */
  apply(settings: {
    /** Gets the lines. */
    readonly logger: Logger | undefined;
    /** Gets each problem as an error. */
    readonly onError: ((error: Error) => void) | undefined;
  }): void {
    this.logger = settings.logger;
    this.onError = settings.onError;
  }

  /**
   * Says a problem once for each kind and name, for the first 1,000 kinds, and the first 20 names of a kind.
   *
   * @param text - Makes the line; called only if it is said.
   * @param name - The metric that the problem is about, if there is one.
   */
  once(kind: string, text: () => string, name = ''): void {
    const names = this.#said.get(kind);
    if (names === undefined) {
      if (this.#said.size >= MAX_KINDS) return;
      this.#said.set(kind, new Set([name]));
    } else {
      if (names.has(name) || names.size >= MAX_NAMES) return;
      names.add(name);
    }
    let line = kind;
    // The text may describe an error of the app, whose own code may throw.
    guard(() => void (line = text()));
    this.recent = [...this.recent, line].slice(-MAX_RECENT);
    this.warn(`${line} (said once)`);
  }

  /**
   * A transport has thrown, which it shouldn't: it may be anybody's.
   *
   * @param error - What it has thrown.
   */
  transportFailed(error: unknown): void {
    this.once(
      'transport',
      () => `the transport failed: ${error instanceof Error ? error.message : String(error)}`,
    );
  }

  /**
   * Says a problem, each time.
   *
   * @param message - The line, without the name of the package.
   */
  warn(message: string): void {
    const warning = new StatsdWarning(`afstatsd: ${message}`);
    guard(() => this.onError?.(warning));
    if (this.logger === undefined) this.#emit(warning);
    else logTo(this.logger, 'warn', warning.message);
  }

  /**
   * Good news; without a logger nobody needs it.
   *
   * @param message - The line, without the name of the package.
   */
  info(message: string): void {
    logTo(this.logger, 'info', `afstatsd: ${message}`);
  }

  #emit(warning: StatsdWarning): void {
    const toStderr = (): void => void process.stderr.write(`${warning.name}: ${warning.message}\n`);
    if (this.exiting) {
      guard(toStderr);
      return;
    }
    try {
      // Text and a type, because `emitWarning` throws at an Error of another realm, which Jest's tests run in.
      process.emitWarning(warning.message, warning.name);
    } catch {
      guard(toStderr);
    }
  }
}

/**
 * Hands a line to a logger. Never throws: a logger that fails can't be told so, and the app must not notice.
 *
 * @param level - `warn` goes to the logger's `warning` where it has no `warn`.
 */
export function logTo(logger: Logger | undefined, level: 'info' | 'warn', line: string): void {
  guard(() => {
    if (level === 'warn' && typeof logger?.warn !== 'function') logger?.warning?.(line);
    else logger?.[level]?.(line);
  });
}

function guard(tell: () => void): void {
  try {
    tell();
  } catch {
    // The failure of a logger, or of a callback of the app, goes no further.
  }
}
