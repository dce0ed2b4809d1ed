import { expect } from 'chai';
import * as fc from 'fast-check';
import { MAX_NAME_BYTES, cleanMember, cleanName, isAscii, nameProblem } from '../../src/text/name.js';

describe('names', () => {
  it('pass unchanged when nothing in them is reserved', () => {
    for (const name of ['web.hits', 'a', 'größe.日本', 'emoji.🛒', '__proto__', 'constructor', 'a b/c#d,e']) {
      expect(cleanName(name)).to.equal(name);
    }
  });

  it('get a dot for "::" and an underscore for every other reserved character', () => {
    expect(cleanName('shop::cart')).to.equal('shop.cart');
    expect(cleanName('a:b|c@d\ne\0f\u007Fg\u0085h')).to.equal('a_b_c_d_e_f_g_h');
    expect(cleanName(':::')).to.equal('._');
  });

  it('get an underscore for a lone surrogate, which UTF-8 has no bytes for', () => {
    expect(cleanName('a\uD83Db\uDED2c')).to.equal('a_b_c');
  });

  it('are refused when they are empty, not a string, or too long in bytes', () => {
    expect(nameProblem('')).to.equal('is empty');
    for (const name of [undefined, null, 5, {}, Symbol('x'), ['a']])
      expect(nameProblem(name)).to.equal('is not a string');
    expect(nameProblem('x'.repeat(MAX_NAME_BYTES))).to.equal(undefined);
    expect(nameProblem('x'.repeat(MAX_NAME_BYTES + 1))).to.contain('512');
    expect(nameProblem('€'.repeat(170))).to.equal(undefined);
    expect(nameProblem('€'.repeat(171))).to.contain('512');
  });

  it('whatever they hold, never break the framing of a message', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }), (name) => {
        const clean = cleanName(name);
        expect(clean).not.to.match(/[:|@\p{Cc}]/u);
        expect(Buffer.from(clean).toString()).to.equal(clean);
        expect(cleanName(clean)).to.equal(clean);
      }),
    );
  });

  it('of set members keep a comma, which only some formats reserve', () => {
    expect(cleanMember('a,b::c|d\n')).to.equal('a,b.c_d_');
  });

  it('are ASCII when each character is one byte', () => {
    expect(isAscii('web.hits')).to.equal(true);
    expect(isAscii('größe')).to.equal(false);
  });
});
