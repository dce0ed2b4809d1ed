// Indices and values of the words that a thread which reads the queue or sockets shares with the main thread. The reader blocks its
// thread, so no message from the main thread could reach it.

/** Index of the word that says when the reader shall end: `GO_ON` at first. */
export const STOP = 0;
export const GO_ON = 0;
/** The reader ends once nothing waits to be read. */
export const WHEN_EMPTY = 1;
/** The reader ends at once, without reading more. */
export const NOW = 2;
/** Index of the number of batches that the main thread has dealt with. */
export const DONE = 1;
/** Index of the interval at which clients are asked to send, in ms. Clients see it in answers to probes, and as the queue's mark. */
export const CLIENT_INTERVAL = 2;
/** How many words are shared. */
export const WORDS = 3;
