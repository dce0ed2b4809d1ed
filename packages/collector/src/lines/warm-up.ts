import { KnownLines } from './known-lines.js';
import { Pending } from './pending.js';
import type { Grammar } from './plain-line.js';

/**
 * Long enough for V8 to compile the reader: a cold one takes 19 ms for 400 new names, and a small socket is full after 5. In
 * ms.
 */
const WARM_UP_MS = 50;
const NAMES = 50;

/** Makes V8 compile the code that reads known and new lines, before any line comes. */
export function warmUp(grammar: Grammar = 'lines'): void {
  const end = performance.now() + WARM_UP_MS;
  for (let round = 0; performance.now() < end; round++) {
    const pending = new Pending(() => pending.take());
    const known = new KnownLines(pending, { grammar });
    for (let i = 0; i < NAMES * 20 && performance.now() < end; i++) {
      const bytes = Buffer.from(messageOf(i % NAMES, round));
      known.read(bytes, 0, bytes.length);
    }
    pending.take();
  }
}

function messageOf(name: number, value: number): string {
  const path = `warm.up.name${name}`;
  return (
    `${path}.calls:${value}|c|#region:r${name},tier:t\n${path}.hits:${value}|c|@0.5\n${path}.level:${value}.5|g\n` +
    `${path}.took:${value}|ms\n${path}.size:${value}:2|h\n${path}.users:u${value}|s\n`
  );
}
