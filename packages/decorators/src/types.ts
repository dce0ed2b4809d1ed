import type { Combine, OutcomeTags, StatsdClient, Tags } from '@afstatsd/core';

/** The client that a decorator records with: the shared `Statsd`, another `StatsdClient`, or a `child` of one. */
export type Recorder = Pick<StatsdClient, 'gauge' | 'increment' | 'timing' | 'updateStats'> &
  Partial<Pick<StatsdClient, 'createCounter' | 'warnOnce'>>;

/** Makes the tags of a call from its `this` and its arguments. Called before the method. */
export type TagsFunction = (self: any, args: any) => Tags;

/** Options of all three decorators. */
export interface CommonOptions {
  /**
   * Tags of the metric. A function is called at each call; when it throws, the call is recorded without tags, and that is
   * said once. Default: none.
   */
  readonly tags?: Tags | TagsFunction;
  /** A number above 0 and up to 1. It counts only while samples aren't aggregated, and for gauges never. Default 1. */
  readonly sampleRate?: number;
  /** `false` leaves the method as it is. Default true. */
  readonly enabled?: boolean;
  /** Default: the shared `Statsd`. */
  readonly statsd?: Recorder;
}

/** The choice of members for a decorator on a class. Default: its methods, static ones too, but none with a symbol for a name. */
export interface ClassOptions {
  /** Only these; also getters and members with symbols for names. */
  readonly include?: readonly (string | symbol)[];
  /** All but these. */
  readonly exclude?: readonly (string | symbol)[];
}

/** Options of `@Timed`. */
export interface TimedOptions extends CommonOptions, ClassOptions {
  /** Tags by how a call ended: called with its outcome, result and error when it is over. They win over `tags`. Default: none. */
  readonly outcomeTags?: OutcomeTags;
  /** Whether an error counts as one, in `<name>.errors`. Called with what was thrown. Default: every one does. */
  readonly errors?: (error: any) => boolean;
  /**
   * Whether to record, as timer `<name>.blocked` with the same tags, how long the code of each call held the event loop, in ms.
   * It needs Node.js: elsewhere that timer is left out, which is said once. Default false.
   */
  readonly blocking?: boolean;
}

/** Options of `@Counted`. */
export interface CountedOptions extends CommonOptions, ClassOptions {
  /** Counts only calls with this outcome, when they end. Default: every call, when it begins. */
  readonly on?: 'success' | 'failure';
  /**
   * What a call adds: a number, or a function of the result (of the error, with `on: 'failure'`) and the arguments. With a
   * function, and without `on`, calls that succeed are counted. Default 1.
   */
  readonly delta?: number | ((result: any, args: any) => number);
  /**
   * Tags by how a call ended, as those of {@link TimedOptions}. Without `on`, every call is counted when it ends, also one that was
   * cancelled. Default: none.
   */
  readonly outcomeTags?: OutcomeTags;
  /** With `on: 'failure'`: whether an error counts. Called with what was thrown. Default: every one does. */
  readonly errors?: (error: any) => boolean;
}

/** Options of `@Gauge`. At most one of `value`, `inFlight` and `poll`. */
export interface GaugeOptions extends CommonOptions, ClassOptions {
  /** The value, from the result and the arguments. Default: the result. */
  readonly value?: (result: any, args: any) => number;
  /** Records how many calls are running, at each flush. `tags` can't be a function then. Default false. */
  readonly inFlight?: boolean;
  /**
   * Reads the getter, or calls the method without arguments, at each flush, of every instance that is alive. `tags` can't
   * be a function then. Default false.
   */
  readonly poll?: boolean;
  /** With `poll`: how the values of several instances are combined. Default `sum`. */
  readonly combine?: Combine;
}

/** Decorates a method or getter. */
export interface MemberDecorator {
  /** A standard decorator, on a method. */
  <This, V extends (this: This, ...args: any) => any>(
    value: V,
    context: ClassMethodDecoratorContext<This, V>,
  ): V;
  /** A standard decorator, on a getter. */
  <This, R>(value: (this: This) => R, context: ClassGetterDecoratorContext<This, R>): (this: This) => R;
  /** A legacy decorator. */
  <T>(target: object, key: string | symbol, descriptor: TypedPropertyDescriptor<T>): void;
}

/** Decorates a method, a getter or a class. */
export interface MethodOrClassDecorator extends MemberDecorator {
  // A function type and no constructor type, because classes may have private constructors. The context keeps setters out, which
  // are functions too. Legacy decorators get no context.
  /** A standard or a legacy decorator, on a class. */
  <C extends Function>(target: C, context?: ClassDecoratorContext<any>): void;
}

/** The type of {@link Timed}. */
export interface Timed extends MethodOrClassDecorator {
  /** A decorator with a name and options. Without a name it is `<Class>.<method>`. */
  (name?: string, options?: TimedOptions): MethodOrClassDecorator;
  /** A decorator with options. */
  (options: TimedOptions): MethodOrClassDecorator;
  /** A method that `@Timed` on its class leaves alone. */
  readonly skip: MemberDecorator;
}

/** The type of {@link Counted}. */
export interface Counted extends MethodOrClassDecorator {
  /** A decorator with a name and options. Without a name it is `<Class>.<method>`. */
  (name?: string, options?: CountedOptions): MethodOrClassDecorator;
  /** A decorator with options. */
  (options: CountedOptions): MethodOrClassDecorator;
  /** A method that `@Counted` on its class leaves alone. */
  readonly skip: MemberDecorator;
}

/** The type of {@link Gauge}. */
export interface Gauge extends MemberDecorator {
  /** A decorator with a name and options. Without a name it is `<Class>.<method>`. */
  (name?: string, options?: GaugeOptions): MethodOrClassDecorator;
  /** A decorator with options. */
  (options: GaugeOptions): MethodOrClassDecorator;
  /** A method that `@Gauge` on its class leaves alone. */
  readonly skip: MemberDecorator;
  /**
   * Begins to poll the gauges of an instance that have `poll: true`; to be called in a constructor. Only legacy decorators
   * need it: standard ones learn of each new instance by themselves, legacy ones when the member is first used.
   */
  readonly poll: (instance: object) => void;
}
