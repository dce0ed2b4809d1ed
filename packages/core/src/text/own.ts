import { MAX_NAME_BYTES, isAscii } from './name.js';

/**
 * A copy of a part of a longer text, to be kept. V8 makes no copy when it cuts a string out of another one, so a name of 20
 * bytes would keep the whole message of 60,000 bytes in memory. Texts longer than any name come back as they are, because
 * they are refused.
 */
export function ownText(text: string): string {
  if (text.length > MAX_NAME_BYTES) return text;
  const encoding = isAscii(text) ? 'latin1' : 'utf16le';
  return Buffer.from(text, encoding).toString(encoding);
}
