import { expect } from 'chai';
import { describe, it } from 'mocha';
import { helpText } from '../../src/config/help.js';
import { OPTIONS, flagName, variableName } from '../../src/config/options.js';

describe("the collector's help", () => {
  const lines = helpText().split('\n');

  for (const [name, { value, help }] of Object.entries(OPTIONS)) {
    it(`explains --${flagName(name)} on a line of its own`, () => {
      const flag = value === undefined ? flagName(name) : `${flagName(name)} ${value}`;
      expect(lines.filter((line) => line.startsWith(`  --${flag} `) && line.includes(help))).to.have.length(
        1,
      );
    });
  }

  it('explains the other flags, the variables, the signals and the exit codes', () => {
    for (const word of [
      '--config',
      '--check-config',
      '--version',
      '--help',
      'SIGTERM',
      'SIGHUP',
      'Exit codes: 0',
    ])
      expect(helpText()).to.include(word);
    expect(helpText()).to.include(variableName('udp'));
  });

  it('shows defaults as they would be given', () => {
    const of = (flag: string): string => lines.find((line) => line.startsWith(`  --${flag} `)) ?? '';
    expect(of('interval')).to.match(/default 10s$/);
    expect(of('udp')).to.match(/default localhost:8125 \(repeatable\)$/);
    expect(of('queue')).to.match(/default \/afcollectorapi$/);
  });
});
