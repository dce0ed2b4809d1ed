import { execFileSync } from 'node:child_process';
import path from 'node:path';

/** A real terminal of tmux, in which one program runs. */
export class Terminal {
  readonly #socket: string;

  /** @param directory - an empty one, for the socket of tmux. */
  constructor(directory: string) {
    this.#socket = path.join(directory, 'tmux');
  }

  start(
    size: { columns: number; rows: number },
    command: readonly string[],
    env: NodeJS.ProcessEnv = {},
  ): void {
    const variables = Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
    const { columns, rows } = size;
    this.#tmux('new-session', '-d', '-x', String(columns), '-y', String(rows), ...variables, ...command);
  }

  resize({ columns, rows }: { columns: number; rows: number }): void {
    this.#tmux('resize-window', '-x', String(columns), '-y', String(rows));
  }

  /** The lines of the screen, without blanks at their ends. `withStyles` keeps the escape sequences of colours. */
  lines({ withStyles = false } = {}): string[] {
    return this.#tmux('capture-pane', '-p', ...(withStyles ? ['-e'] : [])).split('\n');
  }

  /** Ends tmux, and with it the program. */
  end(): void {
    try {
      this.#tmux('kill-server');
    } catch {
      // The program has ended, and tmux with it.
    }
  }

  #tmux(...args: string[]): string {
    return execFileSync('tmux', ['-u', '-S', this.#socket, '-f', '/dev/null', ...args], {
      encoding: 'utf8',
      env: { ...process.env, TERM: 'xterm-256color', TMUX: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }
}
