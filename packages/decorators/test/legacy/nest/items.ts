import {
  Body,
  Controller,
  Delete,
  Get,
  Header,
  Headers,
  HttpCode,
  NotFoundException,
  Param,
  ParseIntPipe,
  Post,
  Query,
  Redirect,
  Res,
  type Type,
  UseFilters,
  UseGuards,
  UseInterceptors,
  UsePipes,
} from '@nestjs/common';
import type { Arrangement } from './arrangement.js';
import { Caller, Envelope, Role, RoleGuard, Teapot, TeapotFilter, ToInstance } from './pieces.js';
import { type Item, Stock } from './stock.js';

class NewItem {
  declare name: string;

  get label(): string {
    return `new ${this.name}`;
  }
}

interface Response {
  setHeader(name: string, value: string): void;
}

/** Handlers with guards, interceptors, pipes, exception filters and parameter decorators. */
export function makeItems({ above, below, onClass }: Arrangement): Type<object> {
  @onClass.above
  @Controller('items')
  @onClass.below
  class Items {
    readonly #stock: Stock;

    constructor(stock: Stock) {
      this.#stock = stock;
    }

    @above
    @Get()
    @UseInterceptors(Envelope)
    @below
    async list(@Query('prefix') prefix: string): Promise<Item[]> {
      return this.#stock.startingWith(prefix);
    }

    @above
    @Post()
    @HttpCode(202)
    @Header('cache-control', 'no-store')
    @UsePipes(ToInstance)
    @below
    async add(
      @Body() { name, label }: NewItem,
      @Headers('x-request') request: string,
      @Caller('x-caller') caller: string,
    ): Promise<object> {
      return Promise.resolve({ ...this.#stock.put(name), label, request, caller, size: this.#stock.size });
    }

    @above
    @Delete(':id')
    @UseGuards(RoleGuard)
    @Role('keeper')
    @below
    remove(@Param('id', ParseIntPipe) id: number): boolean {
      return this.#stock.take(id);
    }

    @above
    @Get('brew')
    @UseFilters(TeapotFilter)
    @below
    brew(): never {
      throw new Teapot('and stout');
    }

    @above
    @Get('broken')
    @below
    async broken(): Promise<never> {
      return Promise.reject(new Error('out of order'));
    }

    @above
    @Get('old')
    @Redirect('/items', 301)
    @below
    old(@Res({ passthrough: true }) response: Response): void {
      response.setHeader('x-moved', 'yes');
    }

    @above
    @Get(':id')
    @below
    find(@Param('id', ParseIntPipe) id: number): Item {
      const item = this.#stock.find(id);
      if (item === undefined) throw new NotFoundException(`no item ${id}`);
      return item;
    }
  }
  return Items;
}
