/** Whether every package manager, compiler and bundler is tried, or one of each kind: `--long`, or AFSTATSD_LONG=1. */
export const LONG = process.env.AFSTATSD_LONG === '1' || process.argv.includes('--long');
