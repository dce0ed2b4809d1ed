import { Counted, Timed } from '@afstatsd/decorators';
import { useRecorded } from '@afstatsd/testing';
import { expect } from 'chai';
import {
  BehaviorSubject,
  EMPTY,
  NEVER,
  Observable,
  Subject,
  catchError,
  concat,
  config,
  firstValueFrom,
  lastValueFrom,
  map,
  of,
  range,
  retry,
  take,
  throwError,
  toArray,
} from 'rxjs';
import { FakeClock } from '../support/fake-clock.js';
import { mode } from '../support/mode.js';

/** In the way that RxJS 7 calls deprecated, with functions for error and completion. */
function subscribeWith(
  source: Observable<unknown>,
  ...handlers: (((value: unknown) => void) | null | undefined)[]
): void {
  const { subscribe } = source as unknown as { readonly subscribe: (...handlers: unknown[]) => void };
  Reflect.apply(subscribe, source, handlers);
}

describe(`a decorated method that returns an RxJS Observable (${mode} decorators)`, () => {
  const recorded = useRecorded();
  const { statsd } = recorded;
  const error = new Error('offline');
  let clock: FakeClock;
  beforeEach(async () => {
    await recorded.metrics();
    clock = new FakeClock();
  });
  afterEach(() => clock.restore());

  class Prices {
    @Timed('watch', { statsd })
    @Counted('succeeded', { statsd, on: 'success' })
    @Counted('failed', { statsd, on: 'failure' })
    watch<T>(source: Observable<T>): Observable<T> {
      return source;
    }
  }
  const watch = <T>(source: Observable<T>): Observable<T> => new Prices().watch(source);

  it('returns that very Observable, and is timed from subscription to completion, each time', async () => {
    const source = new Observable<number>((subscriber) => {
      clock.now += 10;
      subscriber.next(1);
      subscriber.complete();
    });
    const returned = watch(source);
    expect(returned).to.equal(source);
    clock.now += 1_000;
    expect(await recorded.counts()).to.deep.equal({});
    expect(await firstValueFrom(returned)).to.equal(1);
    expect(await lastValueFrom(returned.pipe(map((value) => value + 1)))).to.equal(2);
    expect(await recorded.metrics()).to.deep.equal([
      { type: 'counter', name: 'succeeded', value: 2, rate: 1 },
      { type: 'timer', name: 'watch', values: [10, 10], rate: 1 },
    ]);
  });

  it('counts an error, which the observer gets', async () => {
    const got: unknown[] = [];
    watch(throwError(() => error)).subscribe({ error: (caught: unknown) => got.push(caught) });
    subscribeWith(watch(throwError(() => error)), undefined, (caught: unknown) => got.push(caught));
    expect(await lastValueFrom(watch(throwError(() => error)).pipe(catchError(() => of('mended'))))).to.equal(
      'mended',
    );
    expect(got).to.deep.equal([error, error]);
    expect(await recorded.counts()).to.deep.equal({
      'timer watch': 3,
      'counter watch.errors': 3,
      'counter failed': 3,
    });
  });

  it('is timed to unsubscription, which is neither a success nor a failure', async () => {
    const subscription = watch(NEVER).subscribe();
    clock.now += 30;
    subscription.unsubscribe();
    await Promise.resolve();
    expect(await recorded.metrics()).to.deep.equal([{ type: 'timer', name: 'watch', values: [30], rate: 1 }]);
  });

  it('lets an operator end a source that would go on for ever', async () => {
    let made = 0;
    const endless = new Observable<number>((subscriber) => {
      while (!subscriber.closed) subscriber.next(made++);
    });
    expect(await lastValueFrom(watch(endless).pipe(take(3), toArray()))).to.deep.equal([0, 1, 2]);
    expect(made).to.equal(3);
    expect(await recorded.counts()).to.deep.equal({ 'timer watch': 1 });
  });

  it('works behind operators that subscribe again, or to several in a row', async () => {
    let tries = 0;
    const flaky = new Observable<number>((subscriber) => {
      if (++tries < 3) subscriber.error(error);
      else subscriber.next(tries);
      subscriber.complete();
    });
    expect(await lastValueFrom(watch(flaky).pipe(retry(5)))).to.equal(3);
    expect(
      await lastValueFrom(concat(watch(range(1, 2)), watch(EMPTY), watch(of(3))).pipe(toArray())),
    ).to.deep.equal([1, 2, 3]);
    expect(await lastValueFrom(watch(throwError(() => error)).pipe(catchError(() => watch(of(1)))))).to.equal(
      1,
    );
    expect(await recorded.counts()).to.deep.equal({
      'timer watch': 8,
      'counter watch.errors': 3,
      'counter failed': 3,
      'counter succeeded': 5,
    });
  });

  it('gives an observer its values with its own this, and functions theirs', () => {
    const observer = {
      got: [] as unknown[],
      next(value: number) {
        this.got.push(value);
      },
      complete() {
        this.got.push('complete');
      },
    };
    watch(of(1, 2)).subscribe(observer);
    expect(observer.got).to.deep.equal([1, 2, 'complete']);
    const got: unknown[] = [];
    watch(of(1)).subscribe((value) => got.push(value));
    subscribeWith(
      watch(of(2)),
      (value) => got.push(value),
      null,
      () => got.push('complete'),
    );
    const subject = new Subject<number>();
    subject.subscribe((value) => got.push(value));
    watch(of(3)).subscribe(subject);
    expect(got).to.deep.equal([1, 2, 'complete', 3]);
  });

  it('still has an error that nobody handles reported by RxJS, once', async () => {
    const reported: unknown[] = [];
    config.onUnhandledError = (caught) => void reported.push(caught);
    try {
      watch(throwError(() => error)).subscribe();
      watch(throwError(() => error)).subscribe({ next: () => {} });
      while (reported.length < 2) await new Promise((resolve) => setImmediate(resolve));
    } finally {
      config.onUnhandledError = null;
    }
    expect(reported).to.deep.equal([error, error]);
  });

  it('leaves a Subject alone, which is no call that runs', async () => {
    const subject = new BehaviorSubject(1);
    expect(watch(subject)).to.equal(subject);
    expect(Object.hasOwn(subject, 'subscribe')).to.be.false;
    expect(await recorded.counts()).to.deep.equal({ 'timer watch': 1, 'counter succeeded': 1 });
  });

  it('looks up handlers at each event, as RxJS does', async () => {
    const got: unknown[] = [];
    const subject = new Subject<number>();
    const observer: { next: (value: number) => void; complete?: () => void } = {
      next: (value) => got.push(value),
    };
    watch(subject.asObservable()).subscribe(observer);
    subject.next(1);
    observer.next = (value) => got.push(`new ${value}`);
    observer.complete = () => got.push('complete');
    subject.next(2);
    subject.complete();
    expect(got).to.deep.equal([1, 'new 2', 'complete']);
  });

  it('takes an observer that has other methods of a Subscriber for what it is', () => {
    const basket = {
      items: [] as unknown[],
      add(item: unknown): void {
        this.items.push(item);
      },
      unsubscribe(): void {},
      next(value: number): void {
        this.add(value);
      },
    };
    watch(of(1, 2)).subscribe(basket);
    expect(basket.items).to.deep.equal([1, 2]);
  });

  it('bears a long chain of subscriptions that one Subscriber goes through', async () => {
    let left = 20_000;
    const again = (): Observable<string> =>
      watch(
        new Observable<string>((subscriber) => {
          if (left-- > 0) void Promise.resolve().then(() => subscriber.error(error));
          else {
            subscriber.next('done');
            subscriber.complete();
          }
        }).pipe(catchError(again)),
      );
    clock.restore();
    expect(await lastValueFrom(again())).to.equal('done');
    expect(await recorded.counts()).to.include({ 'counter succeeded': 20_001 });
  });

  it('that is unsubscribed from in the moment in which it completes has succeeded', async () => {
    const later = new Observable<number>((subscriber) => {
      setImmediate(() => {
        subscriber.next(1);
        subscriber.complete();
      });
    });
    expect(await firstValueFrom(watch(later))).to.equal(1);
    expect(await recorded.counts()).to.deep.equal({ 'timer watch': 1, 'counter succeeded': 1 });
  });
});
