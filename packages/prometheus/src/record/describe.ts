import type { Described } from '@afstatsd/core';
import type { SeriesKind } from './kind.js';

/** Says what rules have to say of a series. Asked when a series is first seen. */
export type Describe = (kind: SeriesKind, name: string) => Described;
