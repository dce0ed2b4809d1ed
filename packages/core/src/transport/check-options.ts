import { describe } from '../text/describe.js';
import { STATSD_FORMATS } from '../wire/formats.js';

/** @throws TypeError for what isn't an integer from 1 to `largest`. */
export function checkMaxMessageBytes(value: unknown, largest: number): void {
  if (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= largest) return;
  throw new TypeError(`maxMessageBytes must be an integer from 1 to ${largest}; it is ${describe(value)}`);
}

/** @throws TypeError for an unknown format, or an option that the formats don't have. */
export function checkLineOptions(format: unknown, options: object): void {
  if (!STATSD_FORMATS.some((known) => known === format)) {
    throw new TypeError(`format must be one of ${STATSD_FORMATS.join(', ')}; it is ${describe(format)}`);
  }
  const {
    timer = 'timer',
    timerRate = true,
    ...others
  } = options as { timer?: unknown; timerRate?: unknown };
  if (!['timer', 'histogram', 'distribution'].includes(timer as string)) {
    throw new TypeError(`timer must be timer, histogram or distribution; it is ${describe(timer)}`);
  }
  if (timer !== 'timer' && format !== 'dogstatsd') {
    throw new TypeError(
      `timer can be ${describe(timer)} in the dogstatsd format only; format is ${describe(format)}`,
    );
  }
  if (typeof timerRate !== 'boolean')
    throw new TypeError(`timerRate must be true or false; it is ${describe(timerRate)}`);
  const [other] = Object.keys(others);
  if (other !== undefined) throw new TypeError(`unknown option ${describe(other)}`);
}
