import { Counted, Gauge, Timed } from '@afstatsd/decorators';

const DAY = 24 * 60 * 60 * 1000;

/** Lends books. All of its methods are timed, as `library.<method>`, but for the one that says otherwise. */
@Timed('library')
export class Library {
  private readonly shelf: Set<string>;
  private readonly loans: Map<string, Date> = new Map();

  constructor(books: readonly string[]) {
    this.shelf = new Set(books);
    // Legacy decorators aren't told of new instances: without this, one is polled from the first use of the getter on.
    Gauge.poll(this);
  }

  @Gauge('library.on_loan', { poll: true })
  get onLoan(): number {
    return this.loans.size;
  }

  @Counted('library.loans', { on: 'success' })
  lend(book: string, days: number): Date {
    if (!Number.isInteger(days)) throw new TypeError(`not a number of days: ${days}`);
    if (!this.shelf.delete(book)) throw new Error(`not on the shelf: ${book}`);
    const due = new Date(Date.now() + days * DAY);
    this.loans.set(book, due);
    return due;
  }

  /** Counts the fines, in cents, and not the calls. */
  @Counted('library.fines_cents', { delta: (fine: number) => fine })
  giveBack(book: string, daysLate: number): number {
    if (!this.loans.delete(book)) throw new Error(`not on loan: ${book}`);
    this.shelf.add(book);
    return daysLate * 25;
  }

  /** Asked too often, and too quick, to be worth a timer. */
  @Timed.skip
  has(book: string): boolean {
    return this.shelf.has(book);
  }
}
