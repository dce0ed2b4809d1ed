import type { Command } from '../config/load.js';
import type { CollectorOptions } from '../config/options.js';
import { readGraphiteUrl, readHttpUrl, shownUrl } from '../config/store-url.js';
import type { Attempt } from './attempt.js';
import { settingLines } from './settings.js';
import { tryInputs, tryServer } from './try-listening.js';
import { tryQueue } from './try-queue.js';
import { tryStatsd, tryTcp } from './try-reaching.js';
import { tryUnix } from './try-unix.js';

/**
 * Shows all settings with their sources. Tries the ports, the queue and the outputs.
 *
 * @returns Whether the collector would start.
 */
export async function checkConfig(
  { options, sources }: Pick<Command, 'options' | 'sources'>,
  write: (text: string) => void,
): Promise<boolean> {
  write(`${settingLines(options, sources).join('\n')}\n\n`);
  const attempts = (await Promise.all(tries(options))).flat();
  for (const { part, result, detail } of attempts)
    write(`${result.padEnd('in use'.length)}  ${part}${detail === undefined ? '' : `: ${detail}`}\n`);
  const failed = attempts.filter(({ result }) => result === 'failed').length;
  write(
    failed === 0
      ? '\nthe configuration can be used\n'
      : `\nthe collector would not start: ${failed} of ${attempts.length} parts failed\n`,
  );
  return failed === 0;
}

/** Turns a failure of the page into `away`, because the collector starts even if the page's port is taken. */
function withoutPage(attempt: Attempt): Attempt {
  return attempt.result === 'failed' ? { ...attempt, result: 'away' } : attempt;
}

function tries(options: CollectorOptions): Promise<Attempt | Attempt[]>[] {
  const { queue, udp, tcp, unix, prometheus, page, forward, otlp, graphite, influx, push } = options;
  return [
    ...(queue === false ? [] : [Promise.resolve(tryQueue(queue, options))]),
    tryInputs('UDP', udp),
    tryInputs('TCP', tcp),
    ...unix.map((path) => Promise.resolve(tryUnix(path))),
    ...(prometheus === false ? [] : [tryServer('prometheus', prometheus)]),
    ...(page === undefined || page === false ? [] : [tryServer('page', page).then(withoutPage)]),
    ...forward.map((url) => tryStatsd(`forward ${shownUrl(url)}`, new URL(url))),
    ...(otlp === undefined ? [] : [tryTcp(`otlp ${shownUrl(otlp)}`, new URL(otlp))]),
    ...graphite
      .map((url) => readGraphiteUrl(url))
      .map(({ shown, address }) => tryTcp(`graphite ${shown}`, address)),
    ...influx.map((url) => readHttpUrl(url)).map(({ shown, address }) => tryTcp(`influx ${shown}`, address)),
    ...push.map((url) => readHttpUrl(url)).map(({ shown, address }) => tryTcp(`push ${shown}`, address)),
  ];
}
