import { StatsdClient } from '../../src/index.js';

// Five clients, and a queue that nobody reads.
for (let i = 0; i < 5; i++) {
  const transport = `mq://${process.argv[2]}?fallback=false`;
  const client = new StatsdClient({
    transport,
    exitTimeout: 2000,
    logger: { warn: (line) => console.log(line) },
  });
  client.increment(`client.${i}`);
}
const began = performance.now();
// Added last, so it is called when the clients have sent what they could.
process.on('exit', () => console.log(`waited ${performance.now() - began} ms`));
