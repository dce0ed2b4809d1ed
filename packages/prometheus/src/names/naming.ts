import type { Tag } from '@afstatsd/core';
import type { SeriesKind } from '../record/kind.js';

/** Labels of Prometheus, or attributes of OpenTelemetry, whose values may be numbers. */
export type Attributes = Record<string, string | number>;

/** The rules of a destination for the names of metrics. */
export interface Naming {
  /** The name for all series of one kind and raw name. Called once for each. A name is unique until it is released. */
  family(kind: SeriesKind, name: string): string;
  /** The attributes of one series. Called once for each. They are unique in the family. */
  attributes(family: string, tags: readonly Tag[]): Attributes;
  /** Frees the name of a family that has no series any more. */
  releaseFamily(kind: SeriesKind, family: string): void;
  /** The unit, as the destination writes it. Empty for none. */
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
