const manifest = require('../../package.json') as { version: string };

/** The version of the collector. */
export const version: string = manifest.version;
