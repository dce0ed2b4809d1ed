/** The default limits. */
export const LIMITS = { maxMetrics: 10_000, maxSamples: 1024 } as const;
