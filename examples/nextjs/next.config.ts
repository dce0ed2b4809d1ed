import type { NextConfig } from 'next';

const config: NextConfig = {
  output: 'standalone',
  // koffi is the native library under the queue. webpack would try to bundle it, and Turbopack doesn't see who requires it, so the
  // standalone output is told to take it along.
  serverExternalPackages: ['koffi'],
  outputFileTracingIncludes: { '/*': ['./node_modules/koffi/**', './node_modules/@koromix/koffi-*/**'] },
};

export default config;
