import { Controller, Get, Inject, Scope, type Type, UseGuards } from '@nestjs/common';
import { REQUEST } from '@nestjs/core';
import type { Arrangement } from './arrangement.js';
import { Role, RoleGuard } from './pieces.js';
import { Stock } from './stock.js';

/** A controller that is made for each request, guarded as a whole, with a route that it inherits. */
export function makeBasket({ above, below, onClass }: Arrangement): Type<object> {
  class Counting {
    protected readonly stock: Stock;

    constructor(stock: Stock) {
      this.stock = stock;
    }

    @above
    @Get('total')
    @below
    total(): object {
      return { total: this.stock.size };
    }
  }

  @onClass.above
  @UseGuards(RoleGuard)
  @Role('customer')
  @Controller({ path: 'basket', scope: Scope.REQUEST })
  @onClass.below
  class Basket extends Counting {
    readonly #url: string;

    constructor(stock: Stock, @Inject(REQUEST) request: { readonly url: string }) {
      super(stock);
      this.#url = request.url;
    }

    @above
    @Get()
    @below
    show(): object {
      return { url: this.#url };
    }

    @above
    @Get('open')
    @Role('anyone')
    @below
    open(): string {
      return 'open';
    }
  }
  return Basket;
}
