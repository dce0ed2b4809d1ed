import { isAscii } from './name.js';
import type { Tag } from './tags.js';

/** What makes a metric the one it is, beside its kind. */
export interface Identity {
  /** The name, with its prefix. */
  readonly name: string;
  /** In canonical form. */
  readonly tags: readonly Tag[];
  /** Whether name and tags have one byte a character. */
  readonly ascii: boolean;
  /** Equal for equal names and tags only: names and tags can't hold the NUL between its parts. A name without tags is its own key. */
  readonly key: string;
}

/** The identity of a metric by its clean name and its tags in canonical form. */
export function identify(name: string, tags: readonly Tag[]): Identity {
  const key = tags.length === 0 ? name : `${name}\0${tags.map((tag) => tag.join('\0')).join('\0')}`;
  return { name, tags, ascii: isAscii(key), key };
}
