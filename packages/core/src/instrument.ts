/**
 * The parts of core for code that instruments others or receives their metrics, as the decorators, the HTTP middleware and
 * the collector of this project do.
 *
 * @module
 */
export { Report, logTo } from './account/report.js';
export { disguise } from './call/disguise.js';
export { follow } from './call/follow.js';
export type { Followed, Outcome, Watch } from './call/watch.js';
export { type Check, type Checks, readOptions } from './check/options.js';
export { BOOLEAN_TEXTS, parseBoolean, parseDuration } from './check/parse.js';
export { CHECKS, hasMethods, integer, oneOf } from './check/rules.js';
export { type EndedWith, tagsAtEnd } from './client/outcome-tags.js';
export { BLOCKED, canMeasureBlocking } from './client/timed-function.js';
export { describeReturned, ignoreRejection } from './check/returned.js';
export { Aggregator, type AggregatorCounts, type AggregatorOptions } from './record/aggregator.js';
export { COMBINE } from './record/gauge-callbacks.js';
export type { Calls, RequestCalls } from './record/request-calls.js';
export { Rules } from './record/rules.js';
export { limitText } from './record/limit-text.js';
export { type Trace, activeTrace, withTrace } from './host/active-trace.js';
export { now } from './host/clock.js';
export { type Hold, endHold, newHold, within } from './host/node-realm.js';
export { later } from './host/surroundings.js';
export { MAX_DELAY_MS } from './host/timers.js';
export { describe } from './text/describe.js';
export { type Identity, identify } from './text/identity.js';
export { MAX_NAME_BYTES, cleanMember, cleanName, dotted, nameProblem } from './text/name.js';
export { type RequestScope, requestScope } from './request/scope.js';
export { ownText } from './text/own.js';
export { OTHER, UNMATCHED, routeTag, routeTemplate, routeWithoutTemplate } from './text/route.js';
export { canonicalTags, isTagValue, isTagsObject } from './text/tags.js';
export { type ClientReport, clientReportLine, readClientReport } from './wire/client-report.js';
export { type SentExemplar, readExemplars } from './wire/exemplars.js';
export { safeName } from './wire/etsy.js';
export { foldedName } from './wire/fold.js';
export { formatSum } from './wire/number.js';
