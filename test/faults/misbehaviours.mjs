const fail = () => {
  throw new Error('on purpose');
};
const TRAPS = ['get', 'has', 'ownKeys', 'getPrototypeOf', 'getOwnPropertyDescriptor'];
const hostile = () => new Proxy({}, Object.fromEntries(TRAPS.map((trap) => [trap, fail])));
const overflow = () => [overflow()];

/**
 * What a callback of an app may do in the place of giving an answer.
 *
 * @type {Readonly<Record<string, { throws?: true, run: () => unknown }>>}
 */
export const MISBEHAVIOURS = {
  throws: { throws: true, run: fail },
  'throws what is no error': {
    throws: true,
    run() {
      throw undefined;
    },
  },
  'throws what throws when it is read': {
    throws: true,
    run() {
      throw hostile();
    },
  },
  'overflows the stack': { throws: true, run: overflow },
  rejects: { run: async () => fail() },
  'resolves later': { run: async () => true },
  'never settles': { run: () => new Promise(() => {}) },
  'returns a thenable that throws': { run: () => ({ then: fail }) },
  'returns an object whose getters throw': {
    run: () => ({
      get one() {
        return fail();
      },
    }),
  },
  'returns a proxy that throws at everything': { run: hostile },
  'returns a symbol': { run: () => Symbol('garbage') },
  'returns a function': { run: () => fail },
  'returns a list of texts': { run: () => ['one:1'] },
  'returns a text': { run: () => 'one:1' },
};
