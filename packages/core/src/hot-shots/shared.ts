import { Pipeline } from '../client/pipeline.js';
import { SURROUNDINGS } from '../host/surroundings.js';
import type { MockLines } from './line-stream.js';
import type { ClientOptions } from './options.js';
import { type Endpoint, endpointOf, settingsOf } from './settings.js';

/** What a client shares with its children. */
export interface Shared {
  readonly pipeline: Pipeline;
  readonly mock: MockLines | undefined;
  /** Whether each call leaves at once. */
  readonly isImmediate: boolean;
  readonly endpoint: Endpoint;
}

/** Chance is asked for at each call, because tests of programs that used hot-shots replace `Math.random`. */
const WITH_CHANCE = { ...SURROUNDINGS, random: (): number => Math.random() };

/** @throws TypeError that names the option, for one that can't be used. */
export function makeShared(options: ClientOptions): Shared {
  const endpoint = endpointOf(options, process.env);
  const { options: own, mock, isImmediate } = settingsOf(options, endpoint, process.env);
  return { pipeline: new Pipeline(own, WITH_CHANCE), mock, isImmediate, endpoint };
}
