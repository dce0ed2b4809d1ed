// Wrong on purpose, and not marked so: what checks the other files has to find both.
import { Timed } from '@afstatsd/decorators';

export class Shop {
  @Timed(5) pay(): void {}
  // @ts-expect-error nothing is wrong here
  @Timed close(): void {}
}
