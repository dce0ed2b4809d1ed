import type { Described } from '@afstatsd/core';
import type { SeriesKind } from './kind.js';

/** Returns the description of a series by rules. Called when a series is first seen. */
export type Describe = (kind: SeriesKind, name: string) => Described;
