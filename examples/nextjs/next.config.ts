import type { NextConfig } from 'next';

const config: NextConfig = {
  output: 'standalone',
  // core is required where it is installed, and not bundled, so that koffi, the native library under the queue, is found from there, and
  // the standalone output takes it along.
  serverExternalPackages: ['@afstatsd/core'],
};

export default config;
