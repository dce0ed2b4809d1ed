import { type Server, createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { until, useCleanup } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { closed, listening } from '../support/listening.js';
import { useCollectorOnUdp } from '../support/on-udp.js';
import { sendDatagrams } from '../support/send-datagrams.js';

describe('several stores of one kind', () => {
  const later = useCleanup();
  const startCollector = useCollectorOnUdp({
    AFSTATSD_COLLECTOR_INFLUX_HEADERS: 'Authorization=Token%20all',
    EU_HEADERS: 'Authorization=Token%20eu',
  });

  async function store(status: number) {
    const lines: string[] = [];
    const tokens = new Set<string | undefined>();
    const server: Server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        tokens.add(request.headers.authorization);
        lines.push(...String(gunzipSync(Buffer.concat(chunks))).split('\n'));
        response.writeHead(status).end();
      });
    });
    later(() => closed(server));
    return { url: `http://127.0.0.1:${await listening(server)}/write`, lines, tokens };
  }

  it('have headers of their own, and one that fails holds up no other', async () => {
    const [fails, works] = [await store(503), await store(204)];
    const collector = await startCollector(
      '--influx',
      fails.url,
      '--influx',
      `${works.url}?db=a#headers=EU_HEADERS`,
      '--influx-interval',
      '1s',
      '--global-tag',
      'off',
    );
    await sendDatagrams(collector.port, ['hits:3|c']);
    const hits = (lines: readonly string[]): string[] => lines.filter((line) => line.startsWith('hits,'));
    await until('one has it', () => hits(works.lines).length > 0);
    // It may be asked again and again with what came before the hits.
    await until('the other one was asked', () => fails.lines.length > 0);
    await sendDatagrams(collector.port, ['hits:4|c']);
    await collector.stop();
    const values = hits(works.lines).map((line) => line.replace(/ \d+$/, ''));
    expect(values).to.deep.equal(['hits,metric_type=counter value=3', 'hits,metric_type=counter value=4']);
    expect([...works.tokens]).to.deep.equal(['Token eu']);
    expect([...fails.tokens]).to.deep.equal(['Token all']);
    expect(collector.program.stderr.match(/ fails: /g)).to.have.length(1);
  });
});
