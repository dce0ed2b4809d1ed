const leftBehind = new FinalizationRegistry<{ close: (fd: number) => unknown; fd: number }>(({ close, fd }) =>
  close(fd),
);

/**
 * Closes a descriptor when nobody holds its owner any more, as with a test file that a test runner has ended: the process goes on.
 *
 * @param close - It is held until then, with all of its realm: a function of koffi's.
 */
export function closeWhenGone(owner: object, close: (fd: number) => unknown, fd: number): void {
  leftBehind.register(owner, { close, fd }, owner);
}

/** Notes that the owner has closed its descriptor. Another file may have its number soon, so it mustn't be closed again. */
export function noteClosed(owner: object): void {
  leftBehind.unregister(owner);
}
