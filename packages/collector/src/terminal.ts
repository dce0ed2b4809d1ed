import type { WriteStream } from 'node:tty';
import type { Screen } from './output/console/screen.js';

/** The size of a terminal that doesn't report its size. */
const COLUMNS = 80;
const ROWS = 24;

/** The stream as a screen. Undefined if the stream is no terminal. NO_COLOR, FORCE_COLOR and TERM decide on colours. */
export function screenOf(stream: WriteStream): Screen | undefined {
  if (!stream.isTTY) return undefined;
  return {
    size: () => ({ columns: stream.columns || COLUMNS, rows: stream.rows || ROWS }),
    hasColors: stream.hasColors(),
    onResize: (listener) => {
      stream.on('resize', listener);
      return () => void stream.off('resize', listener);
    },
  };
}
