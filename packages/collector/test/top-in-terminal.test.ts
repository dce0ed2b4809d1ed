import { describeWith, freePort, until } from '@afstatsd/testing';
import { expect } from 'chai';
import { displayWidth } from '../src/output/console/display-width.js';
import { MAIN } from './support/collector-program.js';
import { sendDatagrams } from './support/send-datagrams.js';
import { useStage } from './support/stage.js';
import { Terminal } from './support/terminal.js';

const ROUTES = 60;
const SIZES = [
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
];

describeWith('tmux', 'afstatsd-collector top in a real terminal', () => {
  const at = useStage();

  it('fits 80 columns and 24 rows, and then 120 columns and 40 rows; keeps routes in sight, and what it has seen once the collector is gone', async () => {
    const [udp, page] = [await freePort(), `127.0.0.1:${await freePort()}`];
    const collector = at.collector(['--udp', `127.0.0.1:${udp}`, '--page', page]);
    await collector.ready();
    const terminal = new Terminal(at.directory());
    at.later(() => terminal.end());
    terminal.start(SIZES[0]!, [process.execPath, MAIN, 'top', '--url', `http://${page}/`]);
    const lines = (): string[] => terminal.lines().filter((line) => line !== '');
    const isTimer = (line: string): boolean => line.startsWith('timer');
    for (const size of SIZES) {
      terminal.resize(size);
      await until('it has drawn itself for this size', async () => {
        await sendDatagrams(
          udp,
          Array.from(
            { length: ROUTES },
            (_, i) =>
              `http.request:${i}.25|ms|#method:get,route:/api/v${i}/users/:id,service:shop,status:5xx`,
          ),
        );
        return lines().filter(isTimer).length >= size.rows - 8;
      });
      const shown = lines();
      for (const line of shown) expect(displayWidth(line), line).to.be.at.most(size.columns);
      for (const line of shown.filter(isTimer))
        expect(line).to.match(/\/api\/v\d+\/users\/:id[ ,].*5xx.*[mµ]s$/);
      expect(shown[0]).to.match(/^afstatsd-collector /);
      expect(shown[1]).to.match(/^\S+ samples from udp · 0 UDP drops$/);
      expect(shown[3]).to.match(/^http\.request \S+\/s · 100 % answered 5xx · p50 \S+ms · p95 /);
      expect(shown.at(-1)).to.match(/^… and \d+ more$/);
    }
    collector.child.kill();
    await collector.exit();
    await until('it says so', () => lines()[0]!.startsWith('no page answers at http'));
    expect(lines().filter(isTimer)).not.to.be.empty;
  });
});
