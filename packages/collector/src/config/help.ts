import { OPTIONS, type OptionSpec, flagName } from './options.js';

/** The text of `--help`. */
export function helpText(): string {
  const options = Object.entries(OPTIONS).map(([name, spec]: [string, OptionSpec<unknown>]) => {
    const flag = `--${flagName(name)}${spec.value === undefined ? '' : ` ${spec.value}`}`;
    return line(
      flag,
      `${spec.help}${spec.many === true ? ' (repeatable)' : ''}${shownDefault(name, spec.default)}`,
    );
  });
  return `Usage: afstatsd-collector [options]

Receives StatsD metrics from a message queue, over UDP, TCP and UNIX sockets, and passes them on.

${options.join('\n')}

${line('--config FILE', 'a JSON file with these options: {"udp": "localhost:8125", "forward": [...]}')}
${line('--check-config', 'read the configuration, say whether it can be used, and end')}
${line('--version', 'print the version, and end')}
${line('--help, -h', 'print this, and end')}

Each option can be given in a variable, too: AFSTATSD_COLLECTOR_UDP for --udp, and so on.
SIGTERM and SIGINT empty the queue, pass everything on, and end; SIGHUP reads the configuration again.

Exit codes: 0 ended when asked to; 1 could not start or go on; 2 the configuration can't be used.
`;
}

function line(flag: string, help: string): string {
  return `  ${flag.padEnd(26)} ${help}`;
}

function shownDefault(name: string, value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number')
    return name === 'unixMode' ? '' : `; default ${name === 'interval' ? '10s' : value}`;
  return '';
}
