/**
 * Tests of one's own metrics: a client that records, matchers for Jest and Vitest, and a plugin for chai.
 *
 * @module
 */
import type { StatsdAssertions } from './chai.js';
import type { StatsdMatchers } from './matchers.js';

export { type StatsdAssertions, statsdAssertions } from './chai.js';
export type { CatalogueOfMetrics, ExceptOptions } from './catalogued.js';
export type { AsymmetricMatcher, Expected, ExpectedTags } from './expected.js';
export { type StatsdMatchers, matchers } from './matchers.js';
export type { RecordedMetric } from './recorded.js';
export { type Recording, createRecordingClient, record, recordingOf } from './recording.js';
export type { Decide, ExpectedDurations, ExpectedMembers, Verdict } from './verdict.js';

declare global {
  // The types of Jest, and Vitest's too, which include these.
  namespace jest {
    // The parameters have to be those of Jest's own declaration.
    interface Matchers<R, T = {}> extends StatsdMatchers<R> {}
  }
  namespace Chai {
    interface Assertion extends StatsdAssertions<Assertion> {}
  }
}
