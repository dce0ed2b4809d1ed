import type { BindingName } from '../../src/index.js';

/** Runs a suite once with each binding that this machine can load. */
export function describeEachBinding(title: string, suite: (binding: BindingName) => void): void {
  describeBinding('koffi', title, suite);
  describeBinding('posix-mq', title, suite);
}

/**
 * Runs a suite with one binding. If posix-mq was not built here, the suite is one skipped test that
 * says so, or one that fails where everything is required.
 */
export function describeBinding(
  binding: BindingName,
  title: string,
  suite: (binding: BindingName) => void,
): void {
  describe(`${title} (${binding})`, () => {
    const problem = problemOf(binding);
    if (problem === undefined) {
      selectInThisSuite(binding);
      suite(binding);
    } else if (process.env['AFSTATSD_REQUIRE_ALL'] === '1') {
      it(`needs ${binding}`, () => {
        throw new Error(problem);
      });
    } else {
      it.skip(problem);
    }
  });
}

function problemOf(binding: BindingName): string | undefined {
  if (binding === 'koffi') return undefined; // A dependency: without it, tests are to fail.
  try {
    require(binding);
    return undefined;
  } catch (error) {
    const reason = (error as Error).message.split('\nRequire stack:', 1)[0]?.replaceAll('\n', ' ');
    return `${binding} cannot be loaded (${reason}): install a C++ compiler and python, then install again`;
  }
}

function selectInThisSuite(binding: BindingName): void {
  let before: string | undefined;
  beforeEach(() => {
    before = process.env['AFSTATSD_MQ_BINDING'];
    process.env['AFSTATSD_MQ_BINDING'] = binding;
  });
  afterEach(() => {
    if (before === undefined) delete process.env['AFSTATSD_MQ_BINDING'];
    else process.env['AFSTATSD_MQ_BINDING'] = before;
  });
}
