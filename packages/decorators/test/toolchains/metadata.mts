// What only legacy decorators can do: the types of a signature, as dependency injection reads them.
import 'reflect-metadata';
import { Counted, Gauge, Timed } from '@afstatsd/decorators';

class Book {
  title = 'Dune';
}

@Timed
class Shelf {
  readonly books: Book[];

  constructor(first: Book) {
    this.books = [first];
  }

  @Timed @Counted add(book: Book, copies: number): Promise<void> {
    return Promise.resolve(void this.books.push(...Array.from({ length: copies }, () => book)));
  }

  @Gauge({ poll: true }) get size(): number {
    return this.books.length;
  }
}

const shelf = new Shelf(new Book());
Gauge.poll(shelf);
await shelf.add(new Book(), 2);

/** The names of the types; null if the toolchain has written none down. */
function named(found: unknown): unknown {
  if (Array.isArray(found)) return found.map((type: Function) => type.name);
  return typeof found === 'function' ? found.name : null;
}

export const classes = [Shelf];
export const results: unknown[] = [
  named(Reflect.getMetadata('design:paramtypes', Shelf)),
  named(Reflect.getMetadata('design:paramtypes', Shelf.prototype, 'add')),
  named(Reflect.getMetadata('design:returntype', Shelf.prototype, 'add')),
  named(Reflect.getMetadata('design:type', Shelf.prototype, 'size')),
];
