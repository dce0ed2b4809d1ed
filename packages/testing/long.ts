import { type Func, type AsyncFunc, it } from 'mocha';

/**
 * Whether the tests run in their long form: `npm test -- --long`, or AFSTATSD_LONG=1. The short form has at least one test of
 * each kind, where the long one has every compiler, package manager, server and signal.
 */
export const LONG: boolean = process.env['AFSTATSD_LONG'] === '1';

/** A test of the long form. In the short one it isn't skipped, but isn't there. */
export function itLong(title: string, test: Func | AsyncFunc): void {
  if (LONG) it(title, test);
}
