/** The terminal that a console is drawn on. */
export interface Screen {
  /** Its size, in columns and rows, as it is now. */
  readonly size: () => { readonly columns: number; readonly rows: number };
  readonly hasColors: boolean;
  /** Calls a function whenever the size has changed. Returns a function that ends this. */
  readonly onResize: (listener: () => void) => () => void;
}

/** How a text looks. */
export type Style = 'bold' | 'dim' | 'yellow' | 'red';

const CODES: Readonly<Record<Style, string>> = {
  bold: '\u001B[1m',
  dim: '\u001B[2m',
  yellow: '\u001B[33m',
  red: '\u001B[31m',
};
const PLAIN = '\u001B[0m';

/** Text in a style, where the terminal has any. */
export type Paint = (style: Style, text: string) => string;

/** Without a terminal, text stays as it is. */
export function paintFor(screen: Screen | undefined): Paint {
  return screen?.hasColors === true
    ? (style, text) => `${CODES[style]}${text}${PLAIN}`
    : (_style, text) => text;
}

const CLEAR = '\u001B[H\u001B[2J';
const HOME = '\u001B[H';
const END_OF_LINE = '\u001B[K';
const END_OF_SCREEN = '\u001B[J';
/** Lines that are too long, because a terminal's idea of wide characters differs, are cut by the terminal. */
const NO_WRAP = '\u001B[?7l';
const WRAP = '\u001B[?7h';

/**
 * Lines in the place of those that were drawn last. A line is erased before it is written, because after a full line the cursor
 * stands on its last character.
 */
export function drawn(lines: readonly string[], isFirst: boolean): string {
  const text = lines.map((line) => `${END_OF_LINE}${line}\n`).join('');
  return `${isFirst ? CLEAR : HOME}${NO_WRAP}${text}${WRAP}${END_OF_SCREEN}`;
}
