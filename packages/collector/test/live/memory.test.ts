import { usePrograms } from '@afstatsd/testing';
import { expect } from 'chai';
import path from 'node:path';

const PROGRAM = path.join(__dirname, '../programs/history-memory.js');
/** In bytes. On Node.js 20 these are 8.4, 10.6, 8.4 and 10.3 million; with an array for each series they were 16 to 19. */
const MOST_BYTES = 13_500_000;

describe('the memory of a history of 5,000 places and 240 steps', () => {
  const programs = usePrograms();

  for (const [kind, places] of [
    ['counter', 1],
    ['tagged counter', 1],
    ['gauge', 1],
    ['timer', 2],
  ] as const) {
    it(`is bounded where each is a ${kind}`, async () => {
      const program = programs.node(['--expose-gc', PROGRAM, kind, String(places)], {
        env: { NODE_V8_COVERAGE: '' },
      });
      expect(await program.exit(), program.stderr).to.equal(0);
      const { bytes, held } = JSON.parse(program.stdout) as { bytes: number; held: number };
      expect(held).to.equal(5_000);
      expect(bytes).to.be.below(MOST_BYTES);
    });
  }
});
