// Decorates members as compilers do, with the arguments that they pass.

/** As TypeScript does with `experimentalDecorators`: the last one, next to the member, comes first. */
export function decorateLegacy(target, key, ...decorators) {
  const own = Object.getOwnPropertyDescriptor(target, key);
  const descriptor = decorators.reduceRight(
    (before, decorator) => decorator(target, key, before) ?? before,
    own,
  );
  Object.defineProperty(target, key, descriptor);
}

/** As the language does. */
export function decorateStandard(target, key, ...decorators) {
  const context = {
    kind: 'method',
    name: key,
    static: false,
    private: false,
    access: { has: (object) => key in object, get: (object) => object[key] },
    addInitializer: () => {},
    metadata: undefined,
  };
  const value = decorators.reduceRight((fn, decorator) => decorator(fn, context) ?? fn, target[key]);
  Object.defineProperty(target, key, { value, writable: true, configurable: true, enumerable: false });
}
