// Loads reflect-metadata in the order that the arguments give: `ours` is the package, with the copy that it brings; `0.1` and
// `0.2` are copies of somebody else's. Then a decorator below ours and one above it leave metadata, as NestJS does.
import type * as Decorators from '@afstatsd/decorators';

function load(what: string): unknown {
  if (what === 'ours') return require('@afstatsd/decorators');
  if (what === '0.1') return require('reflect-metadata-0.1');
  // A second copy of the same version: as if it were installed twice.
  delete require.cache[require.resolve('reflect-metadata')];
  return require('reflect-metadata');
}

const loaded = new Map(process.argv.slice(2).map((what) => [what, load(what)]));
const { Timed, instrumentedMethods } = loaded.get('ours') as typeof Decorators;

const note = (key: string) => (target: object, _context: unknown, descriptor?: PropertyDescriptor) => {
  Reflect.defineMetadata(key, 'noted', (descriptor?.value ?? target) as object);
};

class Shop {
  @note('above') @Timed('checkout') @note('below') checkout(): void {}
}

new Shop().checkout();
const { checkout } = Shop.prototype;
const found = ['above', 'below'].map((key) => Reflect.getMetadata(key, checkout) as unknown);
console.log(JSON.stringify({ found, listed: instrumentedMethods(Shop).length }));
