/** How an attempt to send something to a store has ended. */
export type Outcome =
  | { readonly state: 'accepted' }
  /** The store will never take it, so it isn't sent again. */
  | { readonly state: 'refused'; readonly why: string }
  /** It may go better later: in `after` ms, if the store says when. */
  | { readonly state: 'failed'; readonly why: string; readonly after?: number };

export const ACCEPTED: Outcome = { state: 'accepted' };

/** An attempt that takes longer than this has failed, in ms. */
export const SEND_TIMEOUT_MS = 10_000;
