import { openQueue } from '@afstatsd/mqueue';
import { Totals } from '@afstatsd/testing';

// Reads a queue as a collector does, until a message says "end", and sends its parent how many counters arrived, and their sum.
const queue = openQueue(process.argv[2]!, { access: 'read' });
const into = Buffer.alloc(queue.attributes().messageBytes);
const messages: string[] = [];
process.send!('reading', () => {
  while (messages.at(-1) !== 'end') {
    if (!queue.wait(1_000)) continue;
    for (let got; (got = queue.receive(into)) !== undefined;)
      messages.push(into.toString('utf8', 0, got.bytes));
  }
  const totals = new Totals();
  for (const message of messages.slice(0, -1)) totals.add(message);
  let sum = 0;
  for (const value of totals.counters.values()) sum += value;
  process.send!({ messages: messages.length - 1, sum });
  process.disconnect();
});
