import { Statsd } from '@afstatsd/core';

/** Sends a newsletter, and returns how many copies went out. */
export async function sendNewsletter(
  readers: readonly string[],
  send: (reader: string) => Promise<void>,
): Promise<number> {
  const timedSend = Statsd.time('newsletter.send', send);
  let copies = 0;
  for (const reader of readers) {
    try {
      await timedSend(reader);
      copies++;
    } catch {
      Statsd.increment('newsletter.failures');
    }
  }
  Statsd.updateStats('newsletter.copies', copies);
  return copies;
}
