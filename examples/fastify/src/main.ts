// node examples/fastify/dist/src/main.js: a shop on Fastify. Open the URL that it prints, then end it with Ctrl-C.
//
// What is recorded goes to the collector (npx @afstatsd/collector shows it), or to where AFSTATSD_URL says.
import { createApp } from './app.js';

async function main(): Promise<void> {
  const app = await createApp();
  console.log(await app.listen({ port: Number(process.env['PORT'] ?? 3000), host: '127.0.0.1' }));

  // Requests that have begun are answered. Then nothing is left to do: the process ends, and what is pending leaves.
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => void app.close());
}

void main();
