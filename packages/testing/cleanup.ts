import { afterEach } from 'mocha';

/** Has something done when the test is over. */
export type Later = (clean: () => unknown) => void;

/**
 * To be called in a `describe`: what one of its tests hands to the function that this returns is done after that test, the
 * last first, and all of it though some of it fails.
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
  const cleaners: (() => unknown)[] = [];
  afterEach(async () => {
    const errors: unknown[] = [];
    for (const clean of cleaners.splice(0).reverse()) {
      try {
        await clean();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 1) throw new AggregateError(errors, errors.map(String).join('\n'));
    if (errors.length === 1) throw errors[0];
  });
  return (clean) => void cleaners.push(clean);
}
