import type { Tag } from '@afstatsd/core';
import type { SeriesKind } from '../record/kind.js';

/** Labels of Prometheus, or attributes of OpenTelemetry, whose values may be numbers. */
export type Attributes = Record<string, string | number>;

/** How metrics are called where an output passes them on. */
export interface Naming {
  /** The name of all series of one kind and raw name. Asked once for each; no two get the same one until it is released. */
  family(kind: SeriesKind, name: string): string;
  /** The attributes of one series of a family. Asked once for each; no two of a family get the same ones. */
  attributes(family: string, tags: readonly Tag[]): Attributes;
  /** Lets go of the name of a family that has no series any more. */
  releaseFamily(kind: SeriesKind, family: string): void;
  /** The unit as that ecosystem writes it; empty for none. */
  unit(kind: SeriesKind): string;
}

/** The description of a family, for people. */
export function describeFamily(kind: SeriesKind, name: string): string {
  return `StatsD ${DESCRIBED[kind]} ${name}`;
}

const DESCRIBED: Readonly<Record<SeriesKind, string>> = {
  counter: 'counter',
  decrements: 'decrements of counter',
  gauge: 'gauge',
  timer: 'timer',
  histogram: 'histogram',
  set: 'distinct members of set',
};
