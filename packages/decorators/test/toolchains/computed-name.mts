// A member with a symbol for a name: apart from the sample, since not every toolchain can decorate one.
import { Counted } from '@afstatsd/decorators';

const refund = Symbol('refund');

class Till {
  // `public` keeps Babel's legacy grammar from reading `Counted[refund]`.
  @Counted public [refund](amount: number): number {
    return -amount;
  }
}

export const classes = [Till];
export const results: unknown[] = [new Till()[refund](5)];
