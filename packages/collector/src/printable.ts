const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * Text from anybody as it may be shown on a terminal: nothing in it steers the terminal, turns its direction or is
 * invisible. Each such character is shown as `?`.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, '?');
}
