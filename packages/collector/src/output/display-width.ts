const WIDE =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\u3000-\u303F\uFF01-\uFF60]/u;
const COMBINING = /\p{M}/u;

/** The columns of a screen that a character takes: none for one that is written over the last one, two for a wide one. */
function widthOf(character: string): number {
  if (COMBINING.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/** The columns of a screen that a text takes. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += widthOf(character);
  return width;
}

/** As much of the beginning of a text as fits. */
function beginning(characters: readonly string[], columns: number): string {
  let [text, left] = ['', columns];
  for (const character of characters) {
    left -= widthOf(character);
    if (left < 0) break;
    text += character;
  }
  return text;
}

/** The text, with `…` for its end if it takes more columns than there are. */
export function cutEnd(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  return columns < 1 ? '' : `${beginning([...text], columns - 1)}…`;
}

/** The text, with `…` for its middle if it takes more columns than there are: the tags at its end tell series apart. */
export function cutMiddle(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  if (columns < 1) return '';
  const before = Math.ceil((columns - 1) / 2);
  const end = beginning([...text].reverse(), columns - 1 - before);
  return `${beginning([...text], before)}…${[...end].reverse().join('')}`;
}

/** The text with blanks after it, so that it takes so many columns. */
export function padEnd(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - displayWidth(text)));
}
