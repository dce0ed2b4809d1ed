import { isRoot } from './requirements.js';

/** `nobody`, who has no right of its own. */
export const NOBODY = 65_534;

/**
 * Source text for the start of a `node -e` script that uses mqueue: it goes on as a user without any right of its own, or as the
 * same user if the tests don't run as root.
 *
 * @param uid - of that user, who needn't exist; nobody's by default.
 */
export function becomeOther(uid: number = NOBODY): string {
  if (!isRoot) return '';
  return `
  // Rights are dropped only after the binding is loaded: that user may be unable to read the checkout.
  try { require(${JSON.stringify(require.resolve('@afstatsd/mqueue'))}).unlinkQueue('/afstatsd-test-never-made'); } catch {}
  process.setgroups([]);
  process.setgid(${uid});
  process.setuid(${uid});
`;
}
