const WIDE =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\u3000-\u303F\uFF01-\uFF60]/u;
/** A text of marks only. A mark takes no column of its own. */
const MARKS = /^\p{M}+$/u;

const segmenter = new Intl.Segmenter();

/** The characters of a text as people count them. A letter with its marks is one character. */
function charactersOf(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** The columns of a screen that a character takes. A wide character takes two. */
function widthOf(character: string): number {
  if (MARKS.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/** The columns of a screen that a text takes. */
export function displayWidth(text: string): number {
  return charactersOf(text).reduce((width, character) => width + widthOf(character), 0);
}

/** The first characters that fit into the columns. */
function fitting(characters: readonly string[], columns: number): string[] {
  let left = columns;
  const end = characters.findIndex((character) => (left -= widthOf(character)) < 0);
  return characters.slice(0, end < 0 ? undefined : end);
}

/** The text. If it takes too many columns, its end is replaced by `…`. */
export function cutEnd(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  return columns < 1 ? '' : `${fitting(charactersOf(text), columns - 1).join('')}…`;
}

/** The text. If it takes too many columns, its middle is replaced by `…`, because the tags at its end tell series apart. */
export function cutMiddle(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  if (columns < 1) return '';
  const before = Math.ceil((columns - 1) / 2);
  const characters = charactersOf(text);
  const beginning = fitting(characters, before);
  const end = fitting(characters.reverse(), columns - 1 - before).reverse();
  return `${beginning.join('')}…${end.join('')}`;
}

/** The text, followed by blanks up to the number of columns. */
export function padEnd(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - displayWidth(text)));
}
