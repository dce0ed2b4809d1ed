import { OPTIONS, type OptionSpec, flagName } from './option-specs.js';

/** The width of the text, in columns. */
const COLUMNS = 80;
/** Explanations begin in this column. */
const INDENT = 29;

/** The text of `--help`, for a terminal of 80 columns. */
export function helpText(): string {
  const options = Object.entries(OPTIONS).map(([name, spec]: [string, OptionSpec<unknown>]) => {
    const flag = `--${flagName(name)}${spec.value === undefined ? '' : ` ${spec.value}`}`;
    return line(
      flag,
      `${spec.help}${spec.many === true ? ' (repeatable)' : ''}${shownDefault(name, spec.default)}`,
    );
  });
  return `Usage: afstatsd-collector [options]

Receives StatsD metrics from a message queue, over UDP, TCP and UNIX sockets,
and passes them on.

${options.join('\n')}

${line('--config FILE', 'a JSON file with these options: {"udp": "localhost:8125"}')}
${line('--check-config', 'show the settings, try ports, queue and outputs, and end')}
${line('top [WORDS]', 'show the busiest series of a running collector (top --help)')}
${line('--version', 'print the version, and end')}
${line('--help, -h', 'print this, and end')}

HOST:PORT can be PORT alone: localhost:PORT for an input, 127.0.0.1:PORT for an
output.
Each option can be given in a variable, too: AFSTATSD_COLLECTOR_UDP for --udp.
SIGTERM and SIGINT empty the queue, pass everything on, and end.
SIGHUP reads the configuration again.

Exit codes: 0 ended when asked to; 1 could not start or go on;
2 the configuration can't be used.
`;
}

/** A flag, and its explanation beside it, within `COLUMNS`. A long flag has a line of its own. */
function line(flag: string, help: string): string {
  const lines: string[] = [''];
  for (const word of help.split(' ')) {
    const last = lines.at(-1)!;
    if (last !== '' && last.length + 1 + word.length > COLUMNS - INDENT) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  const indent = ' '.repeat(INDENT);
  const first = `  ${flag}`.padEnd(INDENT);
  const head = first.length > INDENT ? [`  ${flag}`] : [`${first}${lines.shift()}`];
  return [...head, ...lines.map((one) => `${indent}${one}`)].join('\n');
}

function shownDefault(name: string, value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number')
    return name === 'unixMode' ? '' : `; default ${name === 'interval' ? '10s' : value}`;
  return '';
}
