import { StatsdClient, type StatsdOptions } from '@afstatsd/core';

/** The settings of a client that an output makes for itself. */
export type OwnClientOptions = Required<
  Pick<StatsdOptions, 'transport' | 'interval' | 'maxMetrics' | 'logger'>
> &
  Pick<StatsdOptions, 'maxSamples'>;

/** A client that an output of the collector adds metrics up in. The variables `AFSTATSD_…` don't change it, because they are for apps. */
export function ownClient(options: OwnClientOptions): StatsdClient {
  return new StatsdClient({
    ...options,
    handleSignals: false,
    enabled: true,
    prefix: '',
    tags: {},
    service: false,
    instance: false,
    runtimeMetrics: false,
  });
}
