import { CLIENT_INTERVAL_MS } from '@afstatsd/core';
import type { Output } from './output/output.js';

/**
 * How often clients are to send, in ms: what was configured, else twice as often as the output that wants numbers most often,
 * so that none of its rounds is without any. While no output knows what it wants, it is the longest time that there is.
 */
export function clientInterval(configured: number | undefined, outputs: readonly Output[]): number {
  if (configured !== undefined) return configured;
  const { shortest, longest } = CLIENT_INTERVAL_MS;
  const wanted = outputs.map((output) => output.wants?.() ?? Infinity);
  return Math.round(Math.max(shortest, Math.min(longest, Math.min(...wanted) / 2)));
}
