const WIDE =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\u3000-\u303F\uFF01-\uFF60]/u;
/** A mark that has no letter before it. */
const MARKS = /^\p{M}+$/u;

const segmenter = new Intl.Segmenter();

/** The characters as people count them: a letter with its marks is one. */
function charactersOf(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** The columns of a screen that a character takes: two for a wide one. */
function widthOf(character: string): number {
  if (MARKS.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/** The columns of a screen that a text takes. */
export function displayWidth(text: string): number {
  return charactersOf(text).reduce((width, character) => width + widthOf(character), 0);
}

/** As many of the first characters as fit. */
function fitting(characters: readonly string[], columns: number): string[] {
  let left = columns;
  const end = characters.findIndex((character) => (left -= widthOf(character)) < 0);
  return characters.slice(0, end < 0 ? undefined : end);
}

/** The text, with `…` for its end if it takes more columns than there are. */
export function cutEnd(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  return columns < 1 ? '' : `${fitting(charactersOf(text), columns - 1).join('')}…`;
}

/** The text, with `…` for its middle if it takes more columns than there are: the tags at its end tell series apart. */
export function cutMiddle(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  if (columns < 1) return '';
  const before = Math.ceil((columns - 1) / 2);
  const characters = charactersOf(text);
  const beginning = fitting(characters, before);
  const end = fitting(characters.reverse(), columns - 1 - before).reverse();
  return `${beginning.join('')}…${end.join('')}`;
}

/** The text with blanks after it, so that it takes so many columns. */
export function padEnd(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - displayWidth(text)));
}
