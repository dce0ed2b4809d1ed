import { OTHER } from '@afstatsd/core/instrument';

/** Characters at the beginning of a statement that are looked at. */
const MOST_LOOKED_AT = 1_000;
const WORD = /[a-z]+(?!\w)/iy;

const VERBS = new Set(
  (
    'alter analyze begin call close cluster comment commit copy create deallocate declare delete describe discard do drop execute ' +
    'explain fetch grant import insert kill listen load lock merge move notify optimize prepare refresh reindex release rename replace ' +
    'reset revoke rollback savepoint security select set show start table truncate unlisten update use vacuum values with xa'
  ).split(' '),
);

/** The first word of a statement in lower case, such as `select`; `other` for a word that SQL doesn't begin with. */
export function sqlVerb(statement: unknown): string {
  if (typeof statement !== 'string') return OTHER;
  const text = statement.length > MOST_LOOKED_AT ? statement.slice(0, MOST_LOOKED_AT) : statement;
  WORD.lastIndex = beginOf(text);
  const word = WORD.exec(text)?.[0].toLowerCase();
  return word !== undefined && VERBS.has(word) ? word : OTHER;
}

/** Where the first word is: behind white space, parentheses, and comments of each form. */
function beginOf(text: string): number {
  for (let at = 0; ;) {
    const char = text[at];
    if (char === undefined) return at;
    if (' \n\r\t\f(;'.includes(char)) at++;
    else if (char === '#' || text.startsWith('--', at)) at = behind(text, '\n', at);
    else if (text.startsWith('/*', at)) at = behind(text, '*/', at + 2);
    else return at;
  }
}

function behind(text: string, end: string, from: number): number {
  const at = text.indexOf(end, from);
  return at < 0 ? text.length : at + end.length;
}
