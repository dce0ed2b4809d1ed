import 'reflect-metadata';

type Method = (...args: unknown[]) => unknown;

/**
 * Calls a method with arguments that are text, as they come from a console, each converted to the type that the method
 * declares. Frameworks with legacy decorators do the same: TypeScript writes the types of decorated methods as metadata,
 * and our decorators hand that on.
 */
export function call(target: object, name: string, args: readonly string[]): unknown {
  const method: unknown = Reflect.get(target, name);
  const types: unknown = Reflect.getMetadata('design:paramtypes', target, name);
  if (typeof method !== 'function' || !Array.isArray(types)) throw new TypeError(`no command: ${name}`);
  const values = args.map((arg, index) => (types[index] === Number ? Number(arg) : arg));
  return (method as Method).apply(target, values);
}
