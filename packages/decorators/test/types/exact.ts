// With exactOptionalPropertyTypes: an option is given, or left out.
import { Counted, Gauge, Timed } from '@afstatsd/decorators';

export class Shop {
  @Timed(undefined, undefined) positional(): void {}
  // @ts-expect-error undefined
  @Timed({ tags: undefined }) tags(): void {}
  // @ts-expect-error undefined
  @Counted('calls', { on: undefined }) on(): void {}
  // @ts-expect-error undefined
  @Gauge({ value: undefined }) value(): void {}
}
