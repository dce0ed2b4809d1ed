/** Where decorators stand in the application. */
export interface Arrangement {
  /** In front of Nest's decorators of each handler, and so applied after them. */
  readonly above: MethodDecorator;
  /** Behind them, next to the method, and so applied before them. */
  readonly below: MethodDecorator;
  /** In front of `@Controller`, and behind it. */
  readonly onClass: { readonly above: ClassDecorator; readonly below: ClassDecorator };
  /** In front of and behind the `@Injectable` of the service, and on its getter. */
  readonly onService: {
    readonly above: ClassDecorator;
    readonly below: ClassDecorator;
    readonly getter: MethodDecorator;
  };
}

const nothing = (): void => {};

/** The application as it is without decorators of ours. */
export const REFERENCE: Arrangement = {
  above: nothing,
  below: nothing,
  onClass: { above: nothing, below: nothing },
  onService: { above: nothing, below: nothing, getter: nothing },
};

/** Several decorators in one place, the outermost first, applied as a compiler does it. */
export function stacked(...decorators: readonly MethodDecorator[]): MethodDecorator {
  return (target, key, descriptor) =>
    decorators.reduceRight((inner, decorate) => decorate(target, key, inner) ?? inner, descriptor);
}

/** The same on a class. */
export function stackedOnClass(...decorators: readonly ClassDecorator[]): ClassDecorator {
  return (target) => decorators.reduceRight((inner, decorate) => decorate(inner) ?? inner, target);
}
