/**
 * What those need who instrument code for others, as the decorators and the HTTP middleware of this project do.
 *
 * @module
 */
export { disguise } from './call/disguise.js';
export { follow } from './call/follow.js';
export type { Followed, Outcome, Watch } from './call/watch.js';
export { describe } from './text/describe.js';
export { COMBINE } from './record/gauge-callbacks.js';
export { MAX_NAME_BYTES, nameProblem } from './text/name.js';
