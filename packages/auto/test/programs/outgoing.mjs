// node --import @afstatsd/auto outgoing.mjs: asks servers by fetch, undici and node:http.
import { once } from 'node:events';
import { createServer, get, request } from 'node:http';
import { request as undici } from 'undici';
import { becomes, print } from './recorded.cjs';

const server = createServer((req, res) => {
  if (req.url === '/cut') return void req.socket.destroy();
  if (req.url === '/hints') res.writeEarlyHints({ link: '</style.css>; rel=preload; as=style' });
  res.writeHead(Number(req.url.slice(1)) || 200).end();
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address();
const base = `http://localhost:${port}`;

const hosts = Number(process.argv[2] ?? 0);
const expected = JSON.parse(process.argv[3]);

if (hosts === 0) {
  for (const path of ['/200?secret=1', '/503', '/hints'])
    await (await fetch(base + path, { method: 'POST' })).text();
  await (await undici(`${base}/404`)).body.dump();
  const [response] = await once(get(`${base}/201?secret=1`, { agent: false }), 'response');
  response.resume();
  await once(response, 'end');
  // The errors reach who asked.
  const failed = await fetch(`${base}/cut`).catch((error) => error);
  if (!(failed instanceof TypeError)) throw new Error('fetch');
  const [error] = await once(request({ port, path: '/cut', agent: false }).end(), 'error');
  if (error.code !== 'ECONNRESET') throw error;
} else {
  for (let at = 0; at < hosts; at++) {
    // Nobody listens at the addresses of the loopback but ours.
    await once(get({ host: `127.0.${at >> 8}.${(at & 255) + 2}`, port, agent: false }), 'error');
  }
}
await becomes(expected);
server.close();
server.closeAllConnections();
await print();
