/** True for types each of which can stand for the other. */
export type Same<A, B> = [A, B] extends [B, A] ? true : false;

/** Compiles for a list of nothing but true. */
export type All<T extends readonly true[]> = T;

export type Texts = All<[Same<string, string>, Same<'a' | 'b', 'b' | 'a'>]>;
// @ts-expect-error one is narrower
export type Narrower = All<[Same<string, 'text'>]>;
// @ts-expect-error one takes more arguments
export type Longer = All<[Same<() => void, (more: string) => void>]>;
