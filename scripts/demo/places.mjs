import { join } from 'node:path';

/** The workspace. */
export const ROOT = join(import.meta.dirname, '../..');
/** Where the demo is installed and built. */
export const DEMO = join(ROOT, '.demo');
/** Our packages that the shop uses. */
export const PACKAGES = ['mqueue', 'core', 'decorators', 'express', 'fastify', 'prometheus', 'collector'];
