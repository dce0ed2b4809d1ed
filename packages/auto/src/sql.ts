import { OTHER } from '@afstatsd/core/instrument';

/** Characters at the beginning of a statement that are looked at. */
const MOST_LOOKED_AT = 1_000;
/** White space, parentheses, and comments of both forms before the first word. */
const FIRST_WORD = /^(?:[\s(;]+|--[^\n]*(?:\n|$)|#[^\n]*(?:\n|$)|\/\*[^]*?\*\/)*([a-z]+)/i;

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
  const word = FIRST_WORD.exec(statement.slice(0, MOST_LOOKED_AT))?.[1]?.toLowerCase();
  return word !== undefined && VERBS.has(word) ? word : OTHER;
}
