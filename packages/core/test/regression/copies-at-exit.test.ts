import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { useDirectories, usePrograms } from '@afstatsd/testing';
import { expect } from 'chai';
import { describe, it } from 'mocha';

const CORE = path.dirname(require.resolve('../../../package.json'));

// Each copy's listener of `exit` went to the first place, the other's took it back on the next tick, and so on: the event loop
// stood still for ever.
const SCRIPT = `
  const copies = [1, 2].map(() => {
    for (const file of Object.keys(require.cache)) delete require.cache[file];
    return require(process.argv[2]);
  });
  if (copies[0].StatsdClient === copies[1].StatsdClient) throw new Error('there is one copy');
  for (const { MemoryTransport, StatsdClient } of copies) {
    const transport = new MemoryTransport();
    const client = new StatsdClient({ transport, interval: Infinity });
    client.increment('hits');
    process.on('exit', () => console.log(transport.find('hits').length));
  }
  setImmediate(() => console.log('turned'));
`;

describe('clients of two copies of the package', () => {
  const programs = usePrograms();
  const newDirectory = useDirectories();

  it('let the event loop go on, and both send at the end', async () => {
    const file = path.join(newDirectory(), 'two.cjs');
    writeFileSync(file, SCRIPT);
    const { code, stdout, stderr } = await programs.node([file, CORE]).ended();
    expect({ code, stdout, stderr }).to.deep.equal({ code: 0, stdout: 'turned\n1\n1\n', stderr: '' });
  });
});
