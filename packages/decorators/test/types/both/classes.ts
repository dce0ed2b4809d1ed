// Classes of every kind can be decorated.
import { Counted, Gauge, Timed } from '@afstatsd/decorators';
import type { All, Same } from './same.js';

const refund = Symbol('refund');

@Timed
export class Bare {
  pay(): void {}
}

@Counted()
export class Called {
  pay(): void {}
}

@Timed('shop')
export class Named {
  pay(): void {}
}

@Timed('shop', { tags: { region: 'eu' }, exclude: ['close'] })
export class NamedWithOptions {
  close(): void {}
}

@Counted({ include: ['pay', refund], exclude: ['open'] as const })
export class Chosen {
  pay(): void {}
  [refund](): void {}
  static open(): void {}
}

@Gauge({ inFlight: true })
export class Counting {
  run(): void {}
}

@Timed
@Counted
export class Stacked {
  pay(): void {}
}

@Timed
export class OfValues<T> {
  constructor(readonly value: T) {}
  map<U>(change: (value: T) => U): OfValues<U> {
    return new OfValues(change(this.value));
  }
}

@Timed
export class Private {
  private constructor(readonly id: number) {}
  static make(): Private {
    return new Private(1);
  }
}

@Counted('protected')
export class Protected {
  protected constructor(readonly id: number) {}
}

@Timed
export abstract class Abstract {
  abstract pay(): Promise<void>;
  @Timed close(): void {}
}

@Counted({ exclude: ['pay'] })
export abstract class AbstractAndPrivate {
  private constructor() {}
  static readonly none: AbstractAndPrivate | undefined;
  abstract pay(): void;
}

@Timed
export class Concrete extends Abstract {
  @Counted async pay(): Promise<void> {}
}

export type ClassTypes = All<
  [
    Same<ConstructorParameters<typeof OfValues>, [value: unknown]>,
    Same<ReturnType<typeof Private.make>, Private>,
  ]
>;
// @ts-expect-error its constructor is still private
export const other: Private = new Private(2);
// @ts-expect-error it is still abstract
export const abstract: Abstract = new Abstract();

// @ts-expect-error a bare @Gauge has nothing to record on a class
@Gauge
export class BareGauge {
  pay(): void {}
}

// @ts-expect-error `skip` is for members
@Timed.skip
export class Skipped {
  pay(): void {}
}

// @ts-expect-error `include` takes names
@Timed({ include: 'pay' })
export class IncludesText {
  pay(): void {}
}

// @ts-expect-error a name is a string or a symbol
@Counted({ exclude: [5] })
export class ExcludesNumber {
  pay(): void {}
}
