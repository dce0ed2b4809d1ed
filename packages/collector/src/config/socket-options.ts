/** A user and a group. An absent one isn't changed. */
export interface Owner {
  /** The user's number. */
  readonly uid?: number;
  /** The group's number. */
  readonly gid?: number;
}

/** The longest path of a socket, in bytes. The kernel has room for 108 bytes, and a NUL takes one of them. */
const LONGEST_SOCKET_PATH = 107;

/** Reads the path of a UNIX socket, or `off`. @throws Error that says what the text must be. */
export function readSocketPath(text: string): string | undefined {
  if (text === 'off') return undefined;
  if (!/^\/[^\0]*[^\0/]$/.test(text) || Buffer.byteLength(text) > LONGEST_SOCKET_PATH)
    throw new Error(
      `an absolute path of at most ${LONGEST_SOCKET_PATH} bytes, such as /run/afstatsd/statsd.socket, or off`,
    );
  return text;
}

/** Reads a file's mode. @throws Error that says what the text must be. */
export function readMode(text: string): number {
  if (!/^0?[0-7]{3}$/.test(text)) throw new Error('three octal digits, such as 622 or 660');
  return Number.parseInt(text, 8);
}

/** Reads a user and a group. @throws Error that says what the text must be. */
export function readOwner(text: string): Owner {
  const match = /^(\d{1,10})?(?::(\d{1,10}))?$/.exec(text);
  const [uid, gid] = [match?.[1], match?.[2]].map((id) => (id === undefined ? undefined : Number(id)));
  // The largest number isn't an id, because `chown` reads it as -1, which means no change.
  const isId = (id: number | undefined): boolean => id === undefined || id < 2 ** 32 - 1;
  if (match === null || text === '' || !isId(uid) || !isId(gid))
    throw new Error('UID, UID:GID or :GID, as numbers (id -u NAME, id -g NAME)');
  return { ...(uid !== undefined && { uid }), ...(gid !== undefined && { gid }) };
}
