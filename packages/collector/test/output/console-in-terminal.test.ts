import { describeWith, freePort, until } from '@afstatsd/testing';
import { expect } from 'chai';
import { displayWidth } from '../../src/output/console/display-width.js';
import { MAIN } from '../support/collector-program.js';
import { sendDatagrams } from '../support/send-datagrams.js';
import { useStage } from '../support/stage.js';
import { Terminal } from '../support/terminal.js';

const METRICS = 60;
const ROUTES = ['/', '/api/users/:id/orders', '/api/reports/:year', '/接口/:id'];

describeWith('tmux', 'the console in a real terminal', () => {
  const at = useStage();

  /** A collector in a terminal of this size, and a function that sends it metrics. */
  async function start(
    size: { columns: number; rows: number },
    env: NodeJS.ProcessEnv = {},
  ): Promise<{ terminal: Terminal; send: () => Promise<void>; port: number }> {
    const terminal = new Terminal(at.directory());
    at.later(() => terminal.end());
    const port = await freePort();
    const options = ['--queue', 'off', '--udp', `127.0.0.1:${port}`, '--interval', '200ms', '--console'];
    terminal.start(size, [process.execPath, MAIN, ...options], env);
    const send = (): Promise<void> =>
      sendDatagrams(
        port,
        Array.from({ length: METRICS }, (_, i) => {
          const route = ROUTES[i % ROUTES.length]!;
          return `http.request:${i * 12.3456}|ms|#method:get,route:${route},service:shop,status:${i}xx`;
        }),
      );
    await until('it waits', () => terminal.lines().join('\n').includes('waiting for metrics on UDP'));
    return { terminal, send, port };
  }

  /** Sends metrics until the screen is as it should be. */
  async function sendUntil(
    { terminal, send }: Awaited<ReturnType<typeof start>>,
    condition: (lines: readonly string[]) => boolean,
  ): Promise<readonly string[]> {
    let lines: readonly string[] = [];
    await until('the screen is as it should be', async () => {
      await send();
      lines = terminal.lines();
      return condition(lines);
    });
    return lines;
  }

  const isTimer = (line: string): boolean => line.startsWith('timer');
  const more = (lines: readonly string[]): number =>
    Number(lines.map((line) => /^… and (\d+) more$/.exec(line)?.[1]).find((found) => found !== undefined));

  it('fits 80 columns and 24 rows, and then 120 columns and 40 rows', async () => {
    const shown = await start({ columns: 80, rows: 24 });
    for (const size of [
      { columns: 80, rows: 24 },
      { columns: 120, rows: 40 },
    ]) {
      shown.terminal.resize(size);
      const lines = await sendUntil(
        shown,
        // Until it has drawn itself for the new size, and all metrics have come.
        (seen) =>
          seen.filter(isTimer).length >= size.rows - 10 &&
          seen.filter(isTimer).length + more(seen) === METRICS,
      );
      const [title = '', input = ''] = lines;
      expect(title).to.match(/^afstatsd-collector \d.*, process \d+, up \d+s/);
      expect(input).to.match(/^UDP {6}\S+ datagrams\/s/);
      for (const line of lines) expect(displayWidth(line)).to.be.at.most(size.columns);
      // With room for the values of tags only, a route stays in sight.
      for (const line of lines.filter(isTimer))
        expect(line, line).to.match(/http\.request.*(?:\/|:id|orders|:year).*\d+xx(?:\}| shop) .*\d {2}ms$/);
    }
  });

  it('keeps a warning in sight below the table, and shows no escape sequence of a name', async () => {
    const shown = await start({ columns: 80, rows: 24 });
    await sendDatagrams(shown.port, ['a line that \u001B[2Jis bad']);
    const lines = await sendUntil(
      shown,
      (seen) => seen.some(isTimer) && seen.some((line) => line.includes('warning: UDP from')),
    );
    const written = lines.filter((line) => line !== '');
    expect(written.at(-1)).to.match(/^\d\d:\d\d:\d\d warning: UDP from 127\.0\.0\.1:\d+: /);
  });

  for (const [title, env, hasColors] of [
    ['has colours', {}, true],
    ['has none with NO_COLOR', { NO_COLOR: '1' }, false],
  ] as const) {
    it(title, async () => {
      const shown = await start({ columns: 80, rows: 24 }, env);
      await sendUntil(shown, (seen) => seen.some(isTimer));
      expect(shown.terminal.lines({ withStyles: true }).join('\n').includes('\u001B[')).to.equal(hasColors);
    });
  }
});
