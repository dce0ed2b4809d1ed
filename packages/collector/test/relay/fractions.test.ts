import { decodeLines } from '@afstatsd/core';
import {
  ETSY,
  eventually,
  freePort,
  until,
  useReceivers,
  useServer,
  parseExposition,
} from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { OtlpReceiver } from '../support/otlp-receiver.js';
import { sendDatagrams } from '../support/send-datagrams.js';
import { useStage } from '../support/stage.js';

describe('fractions of counters that come in', function () {
  this.timeout(60_000);
  const at = useStage();
  const receivers = useReceivers();
  const startEtsy = useServer(ETSY);

  it('reach each output as what they are in total', async () => {
    const [etsy, telegraf] = [await startEtsy(), await receivers.udp()];
    const otlp = new OtlpReceiver();
    await otlp.start();
    at.later(() => otlp.stop());
    const [queue, udp, page] = [at.queueName(), await freePort(), await freePort()];
    const collector = await at
      .collector(
        `--queue ${queue} --udp 127.0.0.1:${udp} --interval 50ms --prometheus 127.0.0.1:${page} --otlp ${otlp.url} --otlp-temporality delta
         --forward udp://127.0.0.1:${etsy.port} --forward udp://127.0.0.1:${telegraf.port}?format=influx`.split(
          /\s+/,
        ),
      )
      .ready();
    const sender = at.sender(queue);
    const flushes = (): number => collector.stdout.split('\n').length;
    for (let i = 0; i < 3; i++) {
      await sendDatagrams(udp, ['share:0.5|c']);
      sender.send(Buffer.from('cost:0.45|c|#route:/a'), 3);
      const before = flushes();
      await until('it was passed on', () => flushes() > before + 1);
    }
    const scraped = parseExposition(await (await fetch(`http://127.0.0.1:${page}/metrics`)).text()).samples;
    const total = (name: string): number | undefined => scraped.find((sample) => sample.name === name)?.value;
    expect([total('share_total'), total('cost_total')]).to.deep.equal([1.5, 1.35]);
    expect(await collector.kill('SIGTERM')).to.equal(0);

    await eventually(async () => {
      const { counters } = await etsy.read();
      expect(counters.get('share')).to.equal(1.5);
      expect(counters.get('cost.a')).to.be.closeTo(1.35, 1e-9);
    });
    const { counters } = collector.arrived;
    expect(counters['share']).to.equal(1.5);
    expect(counters['cost{route=/a}']).to.be.closeTo(1.35, 1e-9);
    expect(otlp.total('share')).to.equal(1.5);
    expect(otlp.total('cost')).to.be.closeTo(1.35, 1e-9);
    // Telegraf cuts fractions off, so it gets whole numbers, and at the end the rest.
    const shares = telegraf.messages
      .flatMap((message) => decodeLines(message).metrics)
      .flatMap((metric) => (metric.type === 'counter' && metric.name === 'share' ? metric.value : []));
    expect(shares.reduce((sum, one) => sum + one, 0)).to.equal(1.5);
    expect(shares.filter((one) => !Number.isInteger(one)).length).to.be.at.most(1);
  });
});
