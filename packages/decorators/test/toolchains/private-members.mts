// What only standard decorators can do: `#private` members, and hearing of each new instance.
import { Counted, Gauge, Timed } from '@afstatsd/decorators';

class Cart {
  readonly #items = ['book', 'pen'];

  @Timed #total(): number {
    return this.#items.length * 5;
  }

  @Counted get #first(): string | undefined {
    return this.#items[0];
  }

  @Timed static #make(): Cart {
    return new Cart();
  }

  @Gauge({ poll: true }) get size(): number {
    return this.#items.length;
  }

  static use(): unknown[] {
    const cart = Cart.#make();
    return [cart.#total(), cart.#first];
  }
}

export const classes = [Cart];
export const results: unknown[] = Cart.use();
