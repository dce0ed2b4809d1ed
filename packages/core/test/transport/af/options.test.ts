import { expect } from 'chai';
import { AFTransport, StatsdClient } from '../../../src/index.js';

describe('options of AFTransport', () => {
  const BAD: ReadonlyArray<readonly [options: object, message: string]> = [
    [{ queue: 'no-slash' }, `option queue can't be "no-slash": a queue's name starts with a slash`],
    [{ queue: '/' }, `option queue can't be "/": a queue's name needs a character after the slash`],
    [{ queue: '/a/b' }, `option queue can't be "/a/b": a queue's name has no slash but the first`],
    [{ queue: '/.' }, `option queue can't be "/.": this name belongs to a directory`],
    [{ queue: '/..' }, `option queue can't be "/..": this name belongs to a directory`],
    [{ queue: `/${'x'.repeat(256)}` }, 'the name has 256 bytes after the slash; use 255 at most'],
    [{ queue: 5 }, 'option queue must be the name of a queue, such as "/afcollectorapi"; it is 5'],
    [{ maxMessageBytes: 0 }, 'option maxMessageBytes must be an integer from 1 to 16,777,216; it is 0'],
    [{ trustedUids: 0 }, 'option trustedUids must be an array of user ids; it is 0'],
    [{ trustedUids: ['0'] }, 'option trustedUids must be an array of user ids; it is an array'],
    [{ fallback: true }, 'option fallback must be a transport or false; it is true'],
    [{ tags: 'drop' }, 'option tags must be one of keep, fold; it is "drop"'],
    [{ fallbak: false }, 'unknown option "fallbak" (false); there are queue, maxMessageBytes'],
  ];

  for (const [options, message] of BAD) {
    it(`are refused, with the reason: ${message}`, () => {
      expect(() => new AFTransport(options)).to.throw(TypeError, message);
    });
  }

  it('that can not be used are named', () => {
    for (const [option, value] of Object.entries({
      queue: 'no-slash',
      maxMessageBytes: 0,
      trustedUids: ['root'],
    })) {
      expect(() => new AFTransport({ [option]: value })).to.throw(TypeError, option);
    }
  });

  it('take a name of 255 bytes after the slash', () => {
    expect(new AFTransport({ queue: `/${'x'.repeat(255)}` }).stats().detail).to.include('xxx');
  });

  it('in a URL are refused under the same rules', () => {
    const configured = (transport: string) => () => new StatsdClient({ transport });
    expect(configured('mq:///.a')).to.not.throw();
    expect(configured('mq:///a%2Fb')).to.throw(TypeError, "a queue's name has no slash but the first");
    expect(configured('mq:///a?tags=drop')).to.throw(TypeError, 'option tags must be one of keep, fold');
    expect(configured('mq:///a?falback=false')).to.throw(TypeError, 'unknown option "falback"');
  });
});
