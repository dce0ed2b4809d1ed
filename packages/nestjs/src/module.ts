import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ChildOptions, Statsd, StatsdClient } from '@afstatsd/core';
import {
  type ConfigurableModuleAsyncOptions,
  ConfigurableModuleBuilder,
  type DynamicModule,
  Inject,
  Module,
  type NestModule,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { APP_INTERCEPTOR, DiscoveryModule, HttpAdapterHost, ModulesContainer } from '@nestjs/core';
import { BackgroundTiming } from './background.js';
import { AfstatsdInterceptor } from './interceptor.js';
import { type AfstatsdModuleOptions, isClient, readModuleOptions } from './options.js';
import { Recording } from './recording.js';
import { getStatsdToken } from './tokens.js';

/** Whether other modules find the module's client without importing it. */
export interface AfstatsdModuleExtras {
  /** Default true. */
  readonly isGlobal?: boolean;
}

/** Where `AfstatsdModule.forRootAsync` gets its options from: `useFactory` with `inject` and `imports`, `useClass`, or `useExisting`. */
export type AfstatsdModuleAsyncOptions = ConfigurableModuleAsyncOptions<AfstatsdModuleOptions> &
  AfstatsdModuleExtras;

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } =
  new ConfigurableModuleBuilder<AfstatsdModuleOptions>({
    moduleName: 'Afstatsd',
  })
    .setClassMethodName('forRoot')
    .setExtras<AfstatsdModuleExtras>({ isGlobal: true }, (definition, { isGlobal }) => ({
      ...definition,
      global: isGlobal ?? true,
    }))
    .build();

/**
 * Records an application of NestJS: HTTP requests under their routes' templates, handlers of microservices, gateways and queues,
 * resolvers, scheduled methods. Provides the client, and flushes when the application is closed.
 *
 * @example
 * ```ts
 * import { AfstatsdModule } from '@afstatsd/nestjs';
 * import { Module } from '@nestjs/common';
 *
 * @Module({ imports: [AfstatsdModule.forRoot({ client: { prefix: 'shop' }, http: { exclude: ['/health'] } })] })
 * class AppModule {}
 * ```
 */
@Module({
  imports: [DiscoveryModule],
  providers: [
    {
      provide: StatsdClient,
      useFactory: (options: AfstatsdModuleOptions) => clientOf(options),
      inject: [MODULE_OPTIONS_TOKEN],
    },
    {
      provide: Recording,
      useFactory: async (options: AfstatsdModuleOptions, statsd: StatsdClient, host?: HttpAdapterHost) => {
        const recording = new Recording(readModuleOptions(options), statsd, host);
        // As early as can be, so that nothing answers before it.
        await recording.http?.install();
        return recording;
      },
      inject: [MODULE_OPTIONS_TOKEN, StatsdClient, { token: HttpAdapterHost, optional: true }],
    },
    BackgroundTiming,
    AfstatsdInterceptor,
    { provide: APP_INTERCEPTOR, useExisting: AfstatsdInterceptor },
  ],
  exports: [StatsdClient, AfstatsdInterceptor, Recording],
})
export class AfstatsdModule
  implements NestModule, OnModuleInit, OnApplicationBootstrap, OnApplicationShutdown
{
  readonly #recording: Recording;
  readonly #background: BackgroundTiming;

  /**
   * Called by Nest.
   *
   * @param recording - what the module records with.
   * @param background - times what has no interceptors.
   * @param modules - of the application.
   */
  constructor(
    @Inject(Recording) recording: Recording,
    @Inject(BackgroundTiming) background: BackgroundTiming,
    @Inject(ModulesContainer) modules: ModulesContainer,
  ) {
    this.#recording = recording;
    this.#background = background;
    // Modules are initialised from the most distant one on, and shut down in the reverse order. This one comes before the explorers
    // of other packages, and flushes after all others, queues among them, have ended their work.
    for (const module of modules.values()) {
      if (module.metatype === AfstatsdModule) module.distance = Infinity;
    }
  }

  /**
   * The module with its options.
   *
   * @throws TypeError for an option that is unknown or can't be used.
   */
  static forRoot<Req = IncomingMessage, Res = ServerResponse>(
    options: AfstatsdModuleOptions<Req, Res> & AfstatsdModuleExtras = {},
  ): DynamicModule {
    const { isGlobal: _isGlobal, ...own } = options;
    readModuleOptions(own);
    return { ...ConfigurableModuleClass.forRoot(options as AfstatsdModuleOptions), module: AfstatsdModule };
  }

  /** The module with options that another provider has, a configuration's service for example. */
  static forRootAsync(options: AfstatsdModuleAsyncOptions): DynamicModule {
    return { ...ConfigurableModuleClass.forRootAsync(options), module: AfstatsdModule };
  }

  /**
   * A client of a feature's own, to be injected by `@InjectStatsd(name)`: a child of the module's client.
   *
   * @param name - of the client. It isn't in any metric.
   * @param options - prefix and tags of all that the client records. Default: the prefix is the name.
   */
  static forFeature(name: string, options: ChildOptions = { prefix: name }): DynamicModule {
    const token = getStatsdToken(name);
    const provider = {
      provide: token,
      useFactory: (statsd: StatsdClient) => (isClient(statsd) ? statsd.child(options) : statsd),
      inject: [StatsdClient],
    };
    return { module: AfstatsdFeatureModule, providers: [provider], exports: [token] };
  }

  /** Called by Nest, before it makes routes. A testing module has no adapter until then. */
  async configure(): Promise<void> {
    await this.#recording.http?.install();
  }

  /** Called by Nest. */
  onModuleInit(): void {
    this.#background.begin();
  }

  /** Called by Nest. */
  onApplicationBootstrap(): void {
    this.#background.end();
  }

  /** Called by Nest when the application is closed and, with `enableShutdownHooks`, at signals. */
  async onApplicationShutdown(): Promise<void> {
    await this.#recording.flush();
  }
}

@Module({})
class AfstatsdFeatureModule {}

function clientOf(options: AfstatsdModuleOptions): StatsdClient {
  const { client } = readModuleOptions(options);
  if (client === undefined) return Statsd;
  if (isClient(client)) return client;
  Statsd.configure(client);
  return Statsd;
}
