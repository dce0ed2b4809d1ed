// What the options can be.
import { Statsd, StatsdClient } from '@afstatsd/core';
import {
  type CountedOptions,
  Counted,
  type GaugeOptions,
  Gauge,
  type Recorder,
  Timed,
  type TimedOptions,
} from '@afstatsd/decorators';

const own = new StatsdClient({ transport: 'null:' });
const recorder: Recorder = {
  gauge: Statsd.gauge,
  increment: Statsd.increment,
  timing: Statsd.timing,
  updateStats: Statsd.updateStats,
};
const timed: TimedOptions = { tags: { region: 'eu' }, sampleRate: 1, enabled: true, statsd: own };
const counted: CountedOptions = { ...timed, on: 'failure', delta: 2 };
const gauge: GaugeOptions = { ...timed, poll: true, combine: 'last' };

declare const isProduction: boolean;

interface Order {
  readonly items: number;
  readonly cents: number;
}

export class Shop {
  constructor(readonly region: string) {}

  @Timed(timed) timed(): void {}
  @Counted('orders', counted) counted(): void {}
  @Gauge(gauge) get gauge(): number {
    return 1;
  }

  @Timed({ enabled: isProduction }) maybe(): void {}
  @Timed({ tags: { region: 'eu', retry: 1, cached: false, none: undefined, nothing: null } })
  tagged(): void {}

  @Timed({ tags: (self, args) => ({ region: self.region, cart: args[0] }) }) bare(_cart: string): void {}
  @Timed({ tags: (self, [cart]) => ({ region: self.region, cart }) }) taken(_cart: string): void {}
  @Timed({ tags: (self: Shop, [cart]: [string]) => ({ region: self.region, cart }) }) typed(
    _cart: string,
  ): void {}
  @Timed({ tags: (self: Shop) => ({ region: self.region }) }) bySelf(): void {}
  @Timed({ tags: () => ({ region: 'eu' }) }) byNothing(): void {}

  @Timed({ statsd: Statsd }) shared(): void {}
  @Counted({ statsd: own.child({ prefix: 'shop', tags: { region: 'eu' } }) }) child(): void {}
  @Gauge({ statsd: recorder, inFlight: true }) recorder(): void {}

  @Counted({ delta: 5 }) fixed(): void {}
  @Counted({ delta: (result, args) => result.items * args[0] }) delta(_times: number): Order {
    return { items: 1, cents: 4999 };
  }
  @Counted({ delta: ({ cents }: Order, [times]: [number]) => cents * times }) cents(_times: number): Order {
    return { items: 1, cents: 4999 };
  }
  @Counted({ on: 'failure', delta: (error: unknown) => (error instanceof RangeError ? 1 : 0) })
  failing(): void {}

  @Gauge({ value: (result) => result.items }) value(): Order {
    return { items: 1, cents: 4999 };
  }
  @Gauge({ value: ({ items }: Order) => items }) async later(): Promise<Order> {
    return { items: 1, cents: 4999 };
  }
}

export class Wrong {
  // @ts-expect-error unknown
  @Timed({ tag: { region: 'eu' } }) unknown(): void {}
  // @ts-expect-error unknown, beside a name
  @Timed('shop', { samplerate: 1 }) unknownAfterName(): void {}
  // @ts-expect-error an option of @Counted
  @Timed({ delta: 1 }) deltaOfTimed(): void {}
  // @ts-expect-error an option of @Gauge
  @Counted({ inFlight: true }) inFlightOfCounted(): void {}
  // @ts-expect-error an option of @Counted
  @Gauge({ on: 'success' }) onOfGauge(): void {}

  // @ts-expect-error a number
  @Timed({ sampleRate: '1' }) sampleRate(): void {}
  // @ts-expect-error a boolean
  @Timed({ enabled: 1 }) enabled(): void {}
  // @ts-expect-error an object or a function
  @Timed({ tags: 'region:eu' }) tags(): void {}
  // @ts-expect-error a tag is no object
  @Timed({ tags: { region: {} } }) tagObject(): void {}
  // @ts-expect-error the function returns tags
  @Timed({ tags: () => 5 }) tagsOfNumber(): void {}
  // @ts-expect-error tags come at once, not later
  @Timed({ tags: async () => ({ region: 'eu' }) }) tagsLater(): void {}
  // @ts-expect-error a client
  @Timed({ statsd: {} }) statsd(): void {}
  // @ts-expect-error a client, not its class
  @Timed({ statsd: StatsdClient }) statsdClass(): void {}
  // @ts-expect-error success or failure
  @Counted({ on: 'always' }) on(): void {}
  // @ts-expect-error a number or a function
  @Counted({ delta: '1' }) delta(): void {}
  // @ts-expect-error the function returns a number
  @Counted({ delta: () => '1' }) deltaOfText(): void {}
  // @ts-expect-error the function returns a number
  @Gauge({ value: () => '1' }) value(): void {}
  // @ts-expect-error a function
  @Gauge({ value: 1 }) valueNumber(): void {}
  // @ts-expect-error a boolean
  @Gauge({ poll: 'yes' }) poll(): void {}
  // @ts-expect-error sum, max or last
  @Gauge({ poll: true, combine: 'min' }) combine(): void {}
}
