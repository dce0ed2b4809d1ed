import { type Recorded, useClients } from '@afstatsd/testing';
import { Pipeline } from '../../src/client/pipeline.js';
import { clientOf } from '../../src/client/statsd.js';
import { SURROUNDINGS, type Surroundings } from '../../src/host/surroundings.js';
import type { StatsdOptions } from '../../src/index.js';

/** To be called in a `describe`: clients as `useClients` makes them, with clocks and chance that its tests hand in. */
export function useSurroundedClients(): (
  options: StatsdOptions,
  surroundings: Partial<Surroundings>,
) => Recorded {
  const makeClient = useClients();
  return (options, surroundings) =>
    makeClient(options, (all) => clientOf(new Pipeline(all, { ...SURROUNDINGS, ...surroundings })));
}
