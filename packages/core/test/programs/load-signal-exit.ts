type OnExit = (callback: (code: unknown, signal: unknown) => void) => void;

/** Loads versions of signal-exit in this order, and has them call back at the end of the process. */
export function loadSignalExit(
  versions: ReadonlyArray<3 | 4>,
  callback: (version: 3 | 4, signal: unknown) => void,
): void {
  for (const version of versions) {
    // Required one after the other: each patches what it finds when it is loaded.
    const onExit =
      version === 3
        ? (require('signal-exit-3') as OnExit)
        : (require('signal-exit') as { onExit: OnExit }).onExit;
    onExit((_code, signal) => callback(version, signal));
  }
}
