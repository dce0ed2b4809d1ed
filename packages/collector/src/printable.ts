const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * Makes text from anybody safe for a terminal. Characters that steer the terminal, change the direction of text or are invisible
 * become `?`.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, '?');
}
