/** The terminal that a console is drawn on. */
export interface Screen {
  /** Returns the current size, in columns and rows. */
  readonly size: () => { readonly columns: number; readonly rows: number };
  readonly hasColors: boolean;
  /** Calls a function whenever the size has changed. Returns a function that ends this. */
  readonly onResize: (listener: () => void) => () => void;
}

/** The style of a text. */
export type Style = 'bold' | 'dim' | 'yellow' | 'red';

const CODES: Readonly<Record<Style, string>> = {
  bold: '\u001B[1m',
  dim: '\u001B[2m',
  yellow: '\u001B[33m',
  red: '\u001B[31m',
};
const PLAIN = '\u001B[0m';

/** Returns text in a style. A terminal without colours gets the text unchanged. */
export type Paint = (style: Style, text: string) => string;

/** The `Paint` for a screen. Without a screen, text stays unchanged. */
export function paintFor(screen: Screen | undefined): Paint {
  return screen?.hasColors === true
    ? (style, text) => `${CODES[style]}${text}${PLAIN}`
    : (_style, text) => text;
}

const CLEAR = '\u001B[H\u001B[2J';
const HOME = '\u001B[H';
const END_OF_LINE = '\u001B[K';
const END_OF_SCREEN = '\u001B[J';
/** Tells the terminal to cut lines that are too long. There may be some, because terminals differ about wide characters. */
const NO_WRAP = '\u001B[?7l';
const WRAP = '\u001B[?7h';

/**
 * The text that draws lines over the last drawn ones. Each line is erased before it is written, because after a full line the
 * cursor stands on its last character.
 */
export function drawn(lines: readonly string[], isFirst: boolean): string {
  const text = lines.map((line) => `${END_OF_LINE}${line}\n`).join('');
  return `${isFirst ? CLEAR : HOME}${NO_WRAP}${text}${WRAP}${END_OF_SCREEN}`;
}
