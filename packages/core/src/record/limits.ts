/** The limits that hold unless options say otherwise. */
export const LIMITS = { maxMetrics: 10_000, maxSamples: 1024 } as const;
