// What only standard decorators can stand on, and what the compiler tells of them only in this mode.
import { Counted, Gauge, Timed } from '@afstatsd/decorators';

export class Cart {
  readonly #items: string[] = [];

  @Timed #add<T extends string>(item: T): T {
    this.#items.push(item);
    return item;
  }

  @Timed('cart.load') async #load(this: Cart): Promise<number> {
    return this.#items.length;
  }

  @Gauge({ poll: true }) get #size(): number {
    return this.#items.length;
  }

  @Counted static #make(): Cart {
    return new Cart();
  }

  static use(): Promise<number> {
    const cart = Cart.#make();
    const item: 'book' = cart.#add('book');
    const count: number = cart.#size + item.length;
    cart.#items.length = count;
    // @ts-expect-error a private generic method still checks what it is called with
    cart.#add(5);
    return cart.#load();
  }
}

export const Expression =
  @Timed('shop')
  class {
    @Counted close(): void {}
  };

export class Setters {
  // @ts-expect-error a setter
  @Timed set bare(_value: number) {}
  // @ts-expect-error a setter
  @Counted() set called(_value: number) {}
  // @ts-expect-error a setter
  @Timed('shop.size') set named(_value: number) {}
  // @ts-expect-error a setter
  @Gauge set gauge(_value: number) {}
  // @ts-expect-error a setter
  @Gauge({ inFlight: true }) static set options(_value: number) {}
  // @ts-expect-error a setter
  @Timed.skip set skipped(_value: number) {}
  // @ts-expect-error a setter
  @Timed set #hidden(_value: number) {}
  // @ts-expect-error an accessor
  @Timed accessor size = 1;
  // @ts-expect-error an accessor
  @Counted() accessor count = 1;

  use(): void {
    this.#hidden = 1;
  }
}
