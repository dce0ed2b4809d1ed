import { describeWith } from '@afstatsd/testing';
import type { BindingName } from '../../src/index.js';

/** Runs a suite once with each binding. */
export function describeEachBinding(title: string, suite: (binding: BindingName) => void): void {
  describeBinding('koffi', title, suite);
  describeBinding('posix-mq', title, suite);
}

/** Runs a suite with one binding. It is skipped where posix-mq could not be compiled. */
export function describeBinding(
  binding: BindingName,
  title: string,
  suite: (binding: BindingName) => void,
): void {
  const selected = (): void => {
    selectInThisSuite(binding);
    suite(binding);
  };
  const full = `${title} (${binding})`;
  // koffi is a dependency: without it, tests are to fail.
  if (binding === 'koffi') describe(full, selected);
  else describeWith('posix-mq', full, selected);
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
