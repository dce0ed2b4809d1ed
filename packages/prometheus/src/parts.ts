/**
 * The parts of this package for the collector, which serves the same page and writes the same names. They aren't for apps: they
 * change with the collector, without a word in the changelog.
 *
 * @module
 */
export { type Attributes, type Naming, describeFamily } from './names/naming.js';
export { PrometheusNaming } from './names/prometheus-naming.js';
export { UniqueNames, nameHash } from './names/unique-names.js';
export { DB_TAGS, HTTP_TAGS, ORIGIN_TAGS, describedBy } from './names/well-known.js';
export type { Chunk } from './page/chunks.js';
export { inGzip } from './page/gzip.js';
export { Slices } from './page/slices.js';
export { textPage } from './page/text-page.js';
export { type Expiry, type ExpiryTimes, MISSED_REPEATS, expiryTimes, readExpiry } from './record/expiry.js';
export type { BoundMetric } from './record/bound.js';
export { type BucketRun, type ExponentialBuckets, coarser } from './record/exponential-buckets.js';
export type { Describe } from './record/describe.js';
export { identityOf, partsOf, quickKey } from './record/identities.js';
export { type SeriesKind, hasBytes, kindOf } from './record/kind.js';
export { HistogramRecord, type Recorded, finite } from './record/record.js';
export { Recording } from './record/recording.js';
export { scalesOf } from './record/scales.js';
export { FirstZeros } from './scrape/first-zero.js';
export { MetricsPage } from './scrape/metrics-page.js';
export { PageFamilies } from './scrape/page-families.js';
export { KEEP_ALIVE_MS, Scrapers } from './scrape/scrapers.js';
