// node examples/express/dist/src/main.js: a shop on Express. Open the URL that it prints, then end it with Ctrl-C.
//
// What is recorded goes to the collector (npx @afstatsd/collector shows it), or to where AFSTATSD_URL says.
import type { AddressInfo } from 'node:net';
import { createApp } from './app.js';

const server = createApp().listen(Number(process.env['PORT'] ?? 3000), '127.0.0.1', (error?: Error) => {
  if (error !== undefined) throw error;
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

// Requests that have begun are answered. Then nothing is left to do: the process ends, and what is pending leaves.
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => server.close());
