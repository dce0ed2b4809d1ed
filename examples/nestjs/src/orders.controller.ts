import { Counted } from '@afstatsd/decorators';
import { Body, Controller, Get, Header, Param, ParseIntPipe, Post } from '@nestjs/common';
import { type Order, OrdersService } from './orders.service.js';

/** Its requests are timed by the module, so a handler needs a decorator only for what the module can't know. */
@Controller('orders')
export class OrdersController {
  readonly #orders: OrdersService;

  constructor(orders: OrdersService) {
    this.#orders = orders;
  }

  @Get()
  @Header('content-type', 'text/html')
  page(): string {
    return `<!doctype html><title>Orders</title>${this.#orders.open} orders`;
  }

  // Above or below Nest's decorators: routes and pipes stay.
  @Counted('shop.orders.viewed')
  @Get(':id')
  find(@Param('id', ParseIntPipe) id: number): Promise<Order> {
    return this.#orders.find(id);
  }

  @Post(':id')
  place(@Param('id', ParseIntPipe) id: number, @Body('item') item: string): Promise<Order> {
    return this.#orders.place({ id, item });
  }
}
