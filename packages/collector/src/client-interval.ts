import { CLIENT_INTERVAL_MS } from '@afstatsd/core';
import type { Output } from './output/output.js';

/**
 * The interval at which clients are asked to send, in ms. Without a configured interval it is half of the shortest interval that
 * an output wants, so that each round of that output has new numbers. It is the longest possible one while no output wants any.
 */
export function clientInterval(configured: number | undefined, outputs: readonly Output[]): number {
  if (configured !== undefined) return configured;
  const { shortest, longest } = CLIENT_INTERVAL_MS;
  const wanted = outputs.map((output) => output.wants?.() ?? Infinity);
  return Math.round(Math.max(shortest, Math.min(longest, Math.min(...wanted) / 2)));
}
