// cd examples/auto && npm start: a server that knows nothing of metrics. Node loads @afstatsd/auto before it.
import type { AddressInfo } from 'node:net';
import express from 'express';

const app = express();

app.get('/prices/:item', (req, res) => {
  res.json({ item: req.params.item, price: 7 });
});

// It asks another server, which is itself here.
app.get('/offers/:item', async (req, res) => {
  const { port } = server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}/prices/${encodeURIComponent(req.params.item)}`);
  res.json({ offer: await answer.json() });
});

const server = app.listen(Number(process.env['PORT'] ?? 3000), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, () => {
    server.close();
    server.closeIdleConnections();
  });
}
