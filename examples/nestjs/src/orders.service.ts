import { setTimeout as delay } from 'node:timers/promises';
import { Counted, Gauge, Timed } from '@afstatsd/decorators';
import { ConflictException, Injectable, NotFoundException } from '@nestjs/common';

export interface Order {
  readonly id: number;
  readonly item: string;
}

/** Where orders are kept. What it does is timed below `shop.orders`, whichever controller calls it. */
@Injectable()
export class OrdersService {
  readonly #orders: Map<number, Order> = new Map();

  constructor() {
    // Needed with legacy decorators.
    Gauge.poll(this);
  }

  @Gauge('shop.orders.open', { poll: true })
  get open(): number {
    return this.#orders.size;
  }

  @Timed('shop.orders.find')
  async find(id: number): Promise<Order> {
    await delay(2); // the database
    const order = this.#orders.get(id);
    if (order === undefined) throw new NotFoundException(`no order ${id}`);
    return order;
  }

  @Timed('shop.orders.place')
  @Counted('shop.orders.placed', { on: 'success' })
  async place(order: Order): Promise<Order> {
    await delay(2); // the database
    if (this.#orders.has(order.id)) throw new ConflictException(`there is an order ${order.id}`);
    this.#orders.set(order.id, order);
    return order;
  }
}
