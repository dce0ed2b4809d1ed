import { type TestQueue, type Totals, until } from '@afstatsd/testing';

/** Reads the queue into the totals until the flush is over and nothing waits. `onRound` is called at every look. */
export async function readUntilFlushed(
  queue: TestQueue,
  totals: Totals,
  flush: Promise<unknown>,
  onRound: (messages: number) => void = () => {},
): Promise<void> {
  const state = { flushed: false };
  void flush.then(() => (state.flushed = true));
  await until('the flush is over', () => {
    const messages = queue.readAll();
    for (const { text } of messages) totals.add(text);
    onRound(messages.length);
    return state.flushed && queue.waiting === 0;
  });
}
