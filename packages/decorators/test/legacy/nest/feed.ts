import { EventEmitter } from 'node:events';
import {
  ConflictException,
  Controller,
  Get,
  Injectable,
  type MessageEvent,
  Sse,
  type Type,
  UseInterceptors,
} from '@nestjs/common';
import { Observable, of, throwError } from 'rxjs';
import type { Arrangement } from './arrangement.js';
import { Envelope } from './pieces.js';

/** Says `left` when a client of the endless feed has gone. */
@Injectable()
export class Departures extends EventEmitter {}

/** Handlers whose answers come later: Observables, server-sent events, an async generator. */
export function makeFeed({ above, below, onClass }: Arrangement): Type<object> {
  @onClass.above
  @Controller('feed')
  @onClass.below
  class Feed {
    readonly #departures: Departures;

    constructor(departures: Departures) {
      this.#departures = departures;
    }

    @above
    @Get('last')
    @below
    last(): Observable<string> {
      return of('first', 'second', 'last');
    }

    @above
    @Get('wrapped')
    @UseInterceptors(Envelope)
    @below
    wrapped(): Observable<string> {
      return of('first', 'last');
    }

    @above
    @Get('later')
    @below
    async later(): Promise<Observable<string>> {
      return Promise.resolve(of('after all'));
    }

    @above
    @Get('fails')
    @UseInterceptors(Envelope)
    @below
    fails(): Observable<never> {
      return throwError(() => new ConflictException('taken'));
    }

    @above
    @Get('lines')
    @below
    async *lines(): AsyncGenerator<object> {
      yield { line: await Promise.resolve(1) };
      yield { line: 2 };
    }

    @above
    @Sse('events')
    @below
    events(): Observable<MessageEvent> {
      return of({ data: 'one' }, { data: { two: 2 }, type: 'number' });
    }

    @above
    @Sse('endless')
    @below
    endless(): Observable<MessageEvent> {
      return new Observable((subscriber) => {
        subscriber.next({ data: 'begun' });
        return () => void this.#departures.emit('left');
      });
    }
  }
  return Feed;
}
