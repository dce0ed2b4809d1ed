const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Text from anybody as it may be shown: what is invisible in it, or turns its direction, stands there as its code. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}

/** Tags as people read them: `method=card, shop=1`. */
export function tagText(tags: Readonly<Record<string, string>>): string {
  return Object.entries(tags)
    .map(([key, value]) => visible(value === '' ? key : `${key}=${value}`))
    .join(', ');
}
