/** True for types that no use of them could tell apart. */
export type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles for true only. */
export declare function is<_ extends true>(): void;

is<Same<string, string>>();
// @ts-expect-error they differ
is<Same<string, 'text'>>();
// @ts-expect-error `any` isn't every type
is<Same<string, any>>();
