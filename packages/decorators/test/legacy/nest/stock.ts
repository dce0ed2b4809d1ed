import { Injectable, type OnModuleDestroy, type OnModuleInit, type Type } from '@nestjs/common';
import type { Arrangement } from './arrangement.js';

export interface Item {
  readonly id: number;
  readonly name: string;
}

/** What the controllers ask for, by this class as the type of a constructor's parameter. */
export abstract class Stock {
  abstract readonly size: number;
  abstract find(id: number): Item | undefined;
  abstract startingWith(prefix: string): Promise<Item[]>;
  abstract put(name: string): Item;
  abstract take(id: number): boolean;
}

/** What the service itself asks for. */
@Injectable()
export class Supplier {
  deliver(): Promise<readonly string[]> {
    return Promise.resolve(['anvil', 'apple', 'bucket']);
  }
}

/** The service, with decorators on the class: made anew for each arrangement, since they change its methods. */
export function makeStock({ onService }: Pick<Arrangement, 'onService'>): Type<Stock> {
  @onService.above
  @Injectable()
  @onService.below
  class StockRoom extends Stock implements OnModuleInit, OnModuleDestroy {
    readonly #supplier: Supplier;
    readonly #items = new Map<number, Item>();
    #last = 0;

    constructor(supplier: Supplier) {
      super();
      this.#supplier = supplier;
    }

    async onModuleInit(): Promise<void> {
      for (const name of await this.#supplier.deliver()) this.put(name);
    }

    onModuleDestroy(): void {
      this.#items.clear();
    }

    @onService.getter
    get size(): number {
      return this.#items.size;
    }

    find(id: number): Item | undefined {
      return this.#items.get(id);
    }

    startingWith(prefix: string): Promise<Item[]> {
      return Promise.resolve([...this.#items.values()].filter(({ name }) => name.startsWith(prefix)));
    }

    put(name: string): Item {
      const item = { id: ++this.#last, name };
      this.#items.set(item.id, item);
      return item;
    }

    take(id: number): boolean {
      return this.#items.delete(id);
    }
  }
  return StockRoom;
}
