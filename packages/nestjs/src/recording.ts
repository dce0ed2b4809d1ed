import type { StatsdClient } from '@afstatsd/core';
import type { HttpAdapterHost } from '@nestjs/core';
import { HttpRecording } from './http.js';
import { type Settings, isClient } from './options.js';
import { HandlerTiming } from './timers.js';

/** What one module records with. It is a provider of its own, so that all parts follow a client that a test puts in the place. */
export class Recording {
  readonly settings: Settings;
  readonly statsd: StatsdClient;
  /** Undefined if nothing is to be recorded, or the client is a stand-in that can't. */
  readonly timing: HandlerTiming | undefined;
  /** Likewise. */
  readonly http: HttpRecording | undefined;

  /** @throws TypeError for an option of HTTP that is unknown or can't be used. */
  constructor(settings: Settings, statsd: StatsdClient, host: HttpAdapterHost | undefined) {
    this.settings = settings;
    this.statsd = statsd;
    const records = isClient(statsd);
    this.timing = records ? new HandlerTiming(statsd, settings.prefix) : undefined;
    this.http =
      records && settings.http !== undefined ? new HttpRecording(host, statsd, settings.http) : undefined;
  }

  /** Sends what is pending. */
  async flush(): Promise<void> {
    const { flushTimeout: timeout } = this.settings;
    if (timeout > 0 && isClient(this.statsd)) await this.statsd.flush({ timeout });
  }
}
