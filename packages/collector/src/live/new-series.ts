import type { LiveKind } from './api.js';
import type { LiveMemory } from './live-memory.js';
import { CounterSeries, GaugeSeries, type Identity, type LiveSeries, SetSeries } from './live-series.js';
import { TimerSeries } from './timer-series.js';

/** Makes the series of a kind. */
export function newSeries(identity: Identity, step: number, memory: LiveMemory): LiveSeries {
  switch (identity.kind) {
    case 'counter':
      return new CounterSeries(identity, step, memory);
    case 'gauge':
      return new GaugeSeries(identity, step, memory);
    case 'timer':
    case 'histogram':
      return new TimerSeries(identity, step, memory);
    case 'set':
      return new SetSeries(identity, step, memory);
  }
}

/** The number of places that a series of this kind takes. */
export function placesOf(kind: LiveKind): number {
  return kind === 'timer' || kind === 'histogram' ? 2 : 1;
}
