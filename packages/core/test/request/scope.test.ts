import { EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { type RequestScope, requestScope } from '../../src/request/scope.js';

describe('requestScope', () => {
  it('is the one of the request after awaits, in timers and in callbacks, and none outside', async () => {
    const scope: RequestScope = new Map();
    const seen: unknown[] = [];
    const result = await requestScope.run(scope, async () => {
      seen.push(requestScope.current());
      await sleep(1);
      seen.push(requestScope.current());
      await new Promise<void>((resolve) => process.nextTick(resolve));
      seen.push(requestScope.current());
      await new Promise<void>((resolve) => {
        setImmediate(() => {
          seen.push(requestScope.current());
          resolve();
        });
      });
      return 'result';
    });
    expect(result).to.equal('result');
    expect(seen).to.deep.equal([scope, scope, scope, scope]);
    for (const one of seen) expect(one).to.equal(scope);
    expect(requestScope.current()).to.equal(undefined);
  });

  it('keeps requests apart that are under way at once', async () => {
    const request = async (): Promise<boolean> => {
      const scope: RequestScope = new Map();
      return requestScope.run(scope, async () => {
        for (let step = 0; step < 3; step++) await sleep(1);
        return requestScope.current() === scope;
      });
    };
    const results = await Promise.all(Array.from({ length: 50 }, request));
    expect(results.every(Boolean)).to.equal(true);
  });

  it('ends with the call when it throws', () => {
    const error = new Error('app');
    const fails = (): never => {
      throw error;
    };
    expect(() => requestScope.run(new Map(), fails)).to.throw(error);
    expect(requestScope.current()).to.equal(undefined);
  });

  it('gives an inner scope what the outer one has, and leaves that alone', () => {
    const [key, more] = [{}, {}];
    requestScope.run(new Map([[key, 1]]), () => {
      const inner = requestScope.inner();
      inner.set(more, 2);
      expect([...inner.values()]).to.deep.equal([1, 2]);
      expect([...requestScope.current()!.values()]).to.deep.equal([1]);
    });
    expect(requestScope.inner().size).to.equal(0);
  });

  it('of an event is that of the code which emits it', async () => {
    const scope: RequestScope = new Map();
    const emitter = new EventEmitter();
    const seen: unknown[] = [];
    emitter.on('event', () => seen.push(requestScope.current()));
    const emitted = once(emitter, 'event');
    requestScope.run(scope, () => emitter.emit('event'));
    await emitted;
    expect(seen[0]).to.equal(scope);
  });

  it('is one for several copies of this package', () => {
    const path = require.resolve('../../src/request/scope.js');
    const cached = require.cache[path];
    delete require.cache[path];
    try {
      const copy = require(path) as { readonly requestScope: typeof requestScope };
      expect(copy.requestScope).not.to.equal(requestScope);
      const scope: RequestScope = new Map();
      requestScope.run(scope, () => expect(copy.requestScope.current()).to.equal(scope));
    } finally {
      require.cache[path] = cached;
    }
  });
});
