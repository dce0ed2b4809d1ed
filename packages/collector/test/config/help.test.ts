import { expect } from 'chai';
import { describe, it } from 'mocha';
import { helpText } from '../../src/config/help.js';
import { OPTIONS, flagName, variableName } from '../../src/config/option-specs.js';

describe("the collector's help", () => {
  /** Each option with its explanation, which may have several lines, as one line. */
  const lines = helpText()
    .replaceAll(/\n {29}/g, ' ')
    .split('\n')
    .map((line) => line.trimEnd());

  it('fits a terminal of 80 columns', () => {
    for (const line of helpText().split('\n')) expect(line.length, line).to.be.at.most(80);
  });

  for (const [name, { value, help }] of Object.entries(OPTIONS)) {
    it(`explains --${flagName(name)} on lines of its own`, () => {
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
