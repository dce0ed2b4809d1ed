// What only legacy decorators fit, and what the compiler can't tell in this mode.
import { Counted, Gauge, Timed } from '@afstatsd/decorators';

export const ofMethods: MethodDecorator[] = [
  Timed,
  Timed(),
  Counted('calls'),
  Gauge({ poll: true }),
  Timed.skip,
];
export const ofClasses: ClassDecorator[] = [Timed, Timed('shop'), Counted()];

/** As NestJS's `applyDecorators` takes them. */
declare function apply(
  ...decorators: (ClassDecorator | MethodDecorator | PropertyDecorator)[]
): MethodDecorator;

function inject(..._args: unknown[]): void {}

export class Cart {
  constructor(@inject readonly region: string) {}

  @apply(Timed('cart.load'), Counted) load(@inject region: string): Promise<string> {
    return Promise.resolve(region);
  }

  // A getter and its setter are one property: what stands on the setter, in this mode, gets the getter.
  get size(): number {
    return 1;
  }
  @Gauge set size(_value: number) {}

  // Legacy decorators of setters have the type of those of getters. It is an error once the class is defined.
  @Timed set only(_value: number) {}

  // An accessor is a getter and a setter in one.
  @Gauge accessor count = 1;

  // @ts-expect-error #private
  @Timed #hidden(): void {}

  use(): void {
    this.#hidden();
  }
}
