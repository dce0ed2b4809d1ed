import { type Context, type Test, afterEach } from 'mocha';

/** Has something done when the test is over. @param clean - is given that test. */
export type Later = (clean: (test: Test | undefined) => unknown) => void;

/** What is to be done after the test under way, in the order in which it was asked for. */
const cleaners: Parameters<Later>[0][] = [];

/** All of it is done, though some of it fails. What was made last goes first, since it uses what was made before it. */
async function cleanUp(this: Context): Promise<void> {
  const errors: unknown[] = [];
  for (const clean of cleaners.splice(0).reverse()) {
    try {
      await clean(this.currentTest);
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 1) throw new AggregateError(errors, errors.map(String).join('\n'));
  if (errors.length === 1) throw errors[0];
}

/**
 * To be called in a `describe`: what one of its tests hands to the function that this returns is done after that test. All
 * functions of this package that are named `use…` do it in this way, so that programs end before the directory that they
 * write to is removed, whichever of these functions was called first.
 *
 * ```ts
 * describe('a server', () => {
 *   const later = useCleanup();
 *
 *   it('listens', () => {
 *     const server = createServer().listen(0);
 *     later(() => server.close());
 *   });
 * });
 * ```
 */
export function useCleanup(): Later {
  afterEach(cleanUp);
  return (clean) => void cleaners.push(clean);
}
