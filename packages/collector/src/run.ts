import { Collector } from './collector.js';
import { checkConfig } from './check/check-config.js';
import { helpText } from './config/help.js';
import { type Command, ConfigError, loadConfig } from './config/load.js';
import { lineWriter } from './line-writer.js';
import { logTime } from './log-time.js';
import { Log } from './log.js';
import { StandardOutput } from './standard-output.js';
import { screenOf } from './terminal.js';
import { top } from './top/top.js';
import { version } from './version.js';

const EXIT = { ended: 0, failed: 1, badConfig: 2 } as const;

/** Runs the program, and resolves to its exit code once it has been asked to end. */
export async function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const log = new Log(lineWriter(process.stderr, logTime(process.stderr, env)));
  if (args[0] === 'top') {
    const { stdout } = process;
    return top(args.slice(1), {
      write: (text) => void stdout.write(text),
      say: log.error,
      screen: screenOf(stdout),
    });
  }
  let command: Command;
  try {
    command = loadConfig(args, env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    log.error(error.message);
    return EXIT.badConfig;
  }
  for (const warning of command.warnings) log.warn(warning);
  switch (command.action) {
    case 'help':
      process.stdout.write(helpText());
      return EXIT.ended;
    case 'version':
      process.stdout.write(`${version}\n`);
      return EXIT.ended;
    case 'check':
      return (await checkConfig(command, (text) => process.stdout.write(text))) ? EXIT.ended : EXIT.failed;
    case 'run':
      return collect(command, log, () => loadConfig(args, env));
  }
}

/** Collects until a signal, or a failure, ends it. */
async function collect({ options, file }: Command, log: Log, reload: () => Command): Promise<number> {
  const from = file === undefined ? '' : `, configured by ${file}`;
  log.info(`version ${version}, process ${process.pid}, Node.js ${process.versions.node}${from}`);
  let end: (code: number) => void = () => {};
  const ended = new Promise<number>((resolve) => (end = resolve));
  // The collector ends when standard output loses its reader, because nobody would see the metrics on it.
  const { write, busy } = new StandardOutput(process.stdout, log, () => end(EXIT.ended));
  const collector = new Collector(options, {
    log,
    write,
    busy,
    screen: screenOf(process.stdout),
    onFailure: (error) => {
      log.error(error.message);
      end(EXIT.failed);
    },
  });
  // The collector goes on when standard error loses its reader, because only the log is lost.
  process.stderr.on('error', () => {});
  process.on('SIGTERM', () => end(EXIT.ended));
  process.on('SIGINT', () => end(EXIT.ended));
  process.on('SIGHUP', () => {
    try {
      const { options } = reload();
      void collector.reconfigure(options).then(() => log.info('the configuration was read again'));
    } catch (error) {
      log.error(`the configuration stays as it was: ${(error as Error).message}`);
    }
  });
  const started = collector.start().then(() => log.info('ready'));
  try {
    // The start may wait for another collector to let go of the queue. Meanwhile a signal ends this one.
    await Promise.race([started, ended]);
  } catch (error) {
    log.error((error as Error).message);
    return EXIT.failed;
  }
  started.catch(() => {}); // it rejects, because `stop` interrupts it
  const code = await ended;
  await collector.stop();
  log.flush();
  await outputRead();
  return code;
}

/**
 * The longest wait for the reader of standard output at the end, in ms. The process waits, because its end would cut off text
 * that a slow reader hasn't taken from a pipe yet.
 */
const READ_TIMEOUT = 1_000;

function outputRead(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, READ_TIMEOUT);
    process.stdout.write('', () => resolve());
  });
}
