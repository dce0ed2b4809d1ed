import { expect } from 'chai';
import * as fc from 'fast-check';
import { describe, it } from 'mocha';
import { StreamLines } from '../../src/input/stream-lines.js';

const LONGEST = 16_384;

function read(): { stream: StreamLines; lines: string[]; lost: string[] } {
  const lines: string[] = [];
  const lost: string[] = [];
  const stream = new StreamLines({
    onLine: (bytes, from, to) => lines.push(bytes.toString('utf8', from, to)),
    onLost: (beginning) => lost.push(beginning.toString()),
  });
  return { stream, lines, lost };
}

describe('the lines of a stream', () => {
  it('are put together wherever it is cut', () => {
    const line = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.replaceAll('\n', '')),
      fc.constantFrom(
        '',
        'a:1|c',
        'ü:1|c\r',
        'x'.repeat(LONGEST),
        'y'.repeat(LONGEST + 1),
        'z'.repeat(50_000),
      ),
    );
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 12 }),
        fc.array(fc.nat(40_000)),
        fc.boolean(),
        (all, cuts, isCut) => {
          const { stream, lines, lost } = read();
          let rest = Buffer.from(all.join('\n'));
          for (const at of cuts) {
            stream.take(rest.subarray(0, at));
            rest = rest.subarray(at);
          }
          stream.take(rest);
          if (isCut) stream.cutOff();
          else stream.end();
          const bytes = (text: string): number => Buffer.byteLength(text);
          const came = isCut ? all.slice(0, -1) : all;
          // An empty line may be left out.
          const kept = came.filter((text) => text !== '' && bytes(text) <= LONGEST);
          expect(lines.filter((text) => text !== '')).to.deep.equal(kept);
          const last = isCut ? (all.at(-1) ?? '') : '';
          const isLost = last !== '' && bytes(last) <= LONGEST;
          expect(lost).to.have.length(all.filter((text) => bytes(text) > LONGEST).length + Number(isLost));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('are passed over up to their end where they are too long, and told once, by their beginning', () => {
    const { stream, lines, lost } = read();
    stream.take(Buffer.from('a:1|c\nlong'));
    for (let i = 0; i < 100; i++) stream.take(Buffer.alloc(65_536, 'x'));
    stream.take(Buffer.from('x\nb:1|c\n'));
    expect(lines).to.deep.equal(['a:1|c', 'b:1|c']);
    expect(lost).to.deep.equal(['long']);
  });
});
