/** The result of an attempt to send a body to a store. */
export type Outcome =
  | { readonly state: 'accepted' }
  /** The store will never take the body, so it isn't sent again. */
  | { readonly state: 'refused'; readonly why: string }
  /** A later try may succeed. `after` is the wait in ms that the store asks for. */
  | { readonly state: 'failed'; readonly why: string; readonly after?: number };

export const ACCEPTED: Outcome = { state: 'accepted' };

/** An attempt that takes longer than this has failed, in ms. */
export const SEND_TIMEOUT_MS = 10_000;
