/** The longest name of a metric, in bytes of UTF-8. */
export const MAX_NAME_BYTES = 512;

// What would end a name early or break a message's framing, and what UTF-8 can't carry: Cs matches lone surrogates only.
const RESERVED = /[:|@\p{Cc}\p{Cs}]/u;
/** To servers of Datadog's kind, an event begins so. */
const EVENT = /^_e\{/;
const RESERVED_ALL = new RegExp(RESERVED, 'gu');

/**
 * The name as it may stand on the wire: `::` becomes `.`, and each of `:` `|` `@`, every control
 * character and every lone surrogate becomes `_`; so does the brace of a leading `_e{`. Everything else passes, in any script.
 */
export function cleanName(name: string): string {
  const clean = RESERVED.test(name) ? name.replaceAll('::', '.').replace(RESERVED_ALL, '_') : name;
  return clean.replace(EVENT, '_e_');
}

/** A member of a set as it may stand on the wire: as a name. A comma stays, where the format has no lists of members. */
export function cleanMember(member: string): string {
  return member.replaceAll('::', '.').replace(RESERVED_ALL, '_');
}

/** Why this can't name a metric (or be the member of a set), or undefined when it can. */
export function nameProblem(name: unknown): string | undefined {
  if (typeof name !== 'string') return 'is not a string';
  if (name === '') return 'is empty';
  // A name has at least as many bytes as UTF-16 units: that alone refuses a huge one without encoding it.
  if (name.length > MAX_NAME_BYTES || Buffer.byteLength(cleanName(name)) > MAX_NAME_BYTES) {
    return `is longer than ${MAX_NAME_BYTES} bytes`;
  }
  return undefined;
}

/** Whether a string has as many bytes of UTF-8 as it has characters. */
export function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length;
}

/** A prefix as it stands before a name: with a dot at its end, unless it is empty. */
export function dotted(prefix: string): string {
  return prefix === '' || prefix.endsWith('.') ? prefix : `${prefix}.`;
}
