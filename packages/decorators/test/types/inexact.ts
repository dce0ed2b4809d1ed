// Without exactOptionalPropertyTypes: undefined is as good as left out.
import { Counted, Gauge, Timed } from '@afstatsd/decorators';

export class Shop {
  @Timed(undefined, undefined) positional(): void {}
  @Timed({ tags: undefined, sampleRate: undefined, enabled: undefined, statsd: undefined }) tags(): void {}
  @Counted('calls', { on: undefined, delta: undefined }) on(): void {}
  @Gauge({ value: undefined, inFlight: undefined, poll: undefined, combine: undefined }) value(): number {
    return 1;
  }
}
