import { type Server as HttpsServer, createServer as createHttpsServer } from 'node:https';
import type { Server } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { gunzipSync } from 'node:zlib';
import { eventually, useCleanup, useDirectories } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { CERTIFICATE, PRIVATE_KEY, certificateFile } from '../support/certificate.js';
import { closed, listening } from '../support/listening.js';
import { useCollectorOnUdp } from '../support/on-udp.js';
import { sendDatagrams } from '../support/send-datagrams.js';

const TLS = { cert: CERTIFICATE, key: PRIVATE_KEY };

describe('a store behind TLS', () => {
  const later = useCleanup();
  const newDirectory = useDirectories();
  const startCollector = useCollectorOnUdp();
  const certificate = { path: '' };
  const env: NodeJS.ProcessEnv = {
    get NODE_EXTRA_CA_CERTS() {
      return certificate.path;
    },
  };
  const startTrusting = useCollectorOnUdp(env);
  beforeEach(() => (certificate.path = certificateFile(newDirectory())));

  async function listen(server: Server | HttpsServer): Promise<number> {
    later(() => closed(server));
    return listening(server);
  }

  it('gets what was recorded by https and by tls', async () => {
    let [posted, lines] = ['', ''];
    const https = await listen(
      createHttpsServer(TLS, (request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          posted += String(gunzipSync(Buffer.concat(chunks)));
          response.writeHead(204).end();
        });
      }),
    );
    const tls = await listen(
      createTlsServer(TLS, (socket) => socket.on('data', (chunk) => (lines += String(chunk)))),
    );
    const collector = await startTrusting(
      '--influx',
      `https://localhost:${https}/write?db=shop`,
      '--graphite',
      `tls://127.0.0.1:${tls}`,
    );
    await sendDatagrams(collector.port, ['hits:3|c']);
    await collector.stop();
    await eventually(() => {
      expect(posted).to.match(/^hits,host=\S+,metric_type=counter value=3 \d+$/m);
      expect(lines).to.match(/^stats\.counters\.hits\.count;host=\S+ 3 \d+$/m);
    });
  });

  it('gets nothing if its certificate is not to be trusted', async () => {
    let requests = 0;
    const https = await listen(createHttpsServer(TLS, () => requests++));
    const tls = await listen(createTlsServer(TLS, () => requests++));
    const intervals = ['--influx-interval', '1s', '--graphite-interval', '1s'];
    const collector = await startCollector(
      '--influx',
      `https://localhost:${https}/write`,
      '--graphite',
      `tls://localhost:${tls}`,
      ...intervals,
    );
    await collector.program.printed(`influx https://localhost:${https}/write fails: self-signed certificate`);
    await collector.program.printed(`graphite tls://localhost:${tls} fails: self-signed certificate`);
    expect(requests).to.equal(0);
  });
});
