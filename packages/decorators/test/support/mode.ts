let kind = '';

function probe(...args: unknown[]): void {
  kind = args.length === 2 ? 'standard' : 'legacy';
}

class Probed {
  @probe method(): void {}
}

new Probed().method();

/** Which kind of decorators this compilation of the tests uses: each test in `both` runs as both. */
export const mode: string = kind;
