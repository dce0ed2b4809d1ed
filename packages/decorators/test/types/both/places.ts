// Where a decorator can stand, how it can be called, and what the rest of the package takes and returns.
import { Counted, Gauge, type InstrumentedMethod, Timed, instrumentedMethods } from '@afstatsd/decorators';
import type { MemberDecorator, MethodOrClassDecorator } from '@afstatsd/decorators';
import type { All, Same } from './same.js';

export class Cart {
  constructor() {
    Gauge.poll(this);
  }

  @Gauge({ poll: true }) get size(): number {
    return 1;
  }
}

export const kept: MethodOrClassDecorator = Timed('ecommerce.checkout');
export const skip: MemberDecorator = Counted.skip;
export type ListTypes = All<
  [
    Same<ReturnType<typeof instrumentedMethods>, InstrumentedMethod[]>,
    Same<InstrumentedMethod['decorator'], 'Timed' | 'Counted' | 'Gauge'>,
    Same<InstrumentedMethod['member'], string | symbol>,
    Same<InstrumentedMethod['metrics'][number]['type'], 'counter' | 'gauge' | 'timer'>,
  ]
>;
export const names: string[] = instrumentedMethods(Cart).flatMap(({ metrics }) =>
  metrics.map(({ name }) => name),
);

@kept
export class Kept {
  @kept @skip method(): void {}
}

export class Fields {
  // @ts-expect-error a field
  @Timed bare = 1;
  // @ts-expect-error a field
  @Timed() called = 1;
  // @ts-expect-error a field
  @Counted('calls') named = 1;
  // @ts-expect-error a field, though it holds a function
  @Timed arrow = (): void => {};
  // @ts-expect-error a field
  @Gauge static size = 1;
  // @ts-expect-error a field
  @Timed.skip skipped = 1;
  // @ts-expect-error a field
  @Timed declared?: string;
}

export class Names {
  // @ts-expect-error a name is a string
  @Timed(5) number(): void {}
  // @ts-expect-error a name is no symbol
  @Counted(Symbol('calls')) symbol(): void {}
  // @ts-expect-error a name is no array of them
  @Gauge(['a', 'b']) array(): void {}
  // @ts-expect-error the name comes first
  @Timed({}, 'ecommerce.checkout') optionsFirst(): void {}
  // @ts-expect-error options are an object
  @Timed('ecommerce.checkout', 0.5) sampleRate(): void {}
  // @ts-expect-error there is no third argument
  @Timed('ecommerce.checkout', {}, 1) third(): void {}
  // @ts-expect-error `skip` takes nothing
  @Timed.skip() skipCalled(): void {}
  // @ts-expect-error a parameter
  parameter(@Timed _cart: string): void {}
}

// @ts-expect-error only gauges are polled
Timed.poll(new Cart());
// @ts-expect-error an object
Gauge.poll(5);
// @ts-expect-error a class
instrumentedMethods('Cart');
// @ts-expect-error a class, not an instance
instrumentedMethods(new Cart());
