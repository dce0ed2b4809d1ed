// A decorated method rejects; the argument says whether anybody handles that.
import { Counted, Gauge, Timed } from '@afstatsd/decorators';

class Shop {
  @Timed('checkout')
  @Counted({ on: 'failure' })
  @Gauge({ inFlight: true })
  async checkout(): Promise<void> {
    throw new Error('original rejection');
  }
}

const promise = new Shop().checkout();
if (process.argv[2] === 'handled') promise.catch((error: Error) => console.log(error.message));
else void promise;
