import { getSystemErrorName } from 'node:util';
import type * as Koffi from 'koffi';
import { REPLACED, SyscallFailure } from './binding.js';
import { requireOnce } from './node-realm.js';

/** `struct mq_attr`. */
export interface MqAttr {
  mq_flags: number;
  mq_maxmsg: number;
  mq_msgsize: number;
  mq_curmsgs: number;
}

/** libc's functions, each with C's result: -1 for a failure, whose number `errno` then has. */
export interface Libc {
  open(name: string, flags: number): number;
  create(name: string, flags: number, mode: number, attr: MqAttr): number;
  send(fd: number, message: Uint8Array, length: number, priority: number): number;
  receive(fd: number, into: Uint8Array, length: number, priority: Uint32Array): number;
  getattr(fd: number, attr: Partial<MqAttr>): number;
  poll(fds: Uint8Array, count: number, timeoutMs: number): number;
  readonly close: (fd: number) => number;
  unlink(name: string): number;
  /** @param argument - for commands whose argument is a pointer. */
  fcntl(fd: number, command: number, argument: Uint8Array): number;
  fchmod(fd: number, mode: number): number;
  flock(fd: number, operation: number): number;
  /** `undefined` where the C library has no such function. */
  readonly statx:
    | ((fd: number, path: string, flags: number, mask: number, into: Uint8Array) => number)
    | undefined;
  errno(): number;
  /** The size of a pointer, by which structures are laid out. */
  readonly pointerBytes: number;
}

/** Loads koffi and binds libc. Throws what koffi throws, or an error that lists the libraries tried. */
export function loadLibc(): Libc {
  const koffi = requireOnce('koffi', requireKoffi);
  if (typeof koffi.load !== 'function') throw new Error(REPLACED);
  const library = loadLibrary(koffi);
  // Without a name: koffi refuses a second type of the same name, as from a second copy of this package.
  const attr = koffi.struct({
    mq_flags: 'long',
    mq_maxmsg: 'long',
    mq_msgsize: 'long',
    mq_curmsgs: 'long',
    reserved: koffi.array('long', 4),
  });
  const open = library.func('int mq_open(const char *name, int flags, ...)');
  const fcntl = library.func('int fcntl(int fd, int command, ...)');
  return {
    open: (name, flags) => open(name, flags),
    create: (name, flags, mode, attributes) =>
      open(name, flags, 'unsigned int', mode, koffi.pointer(attr), {
        ...attributes,
        reserved: [0, 0, 0, 0],
      }),
    send: library.func('int mq_send(int fd, const uint8_t *message, size_t length, uint priority)'),
    receive: library.func('long mq_receive(int fd, uint8_t *into, size_t length, uint *priority)'),
    getattr: library.func('mq_getattr', 'int', ['int', koffi.out(koffi.pointer(attr))]),
    poll: library.func('int poll(uint8_t *fds, unsigned long count, int timeout)'),
    close: library.func('int mq_close(int fd)'),
    unlink: library.func('int mq_unlink(const char *name)'),
    fcntl: (fd, command, argument) => fcntl(fd, command, 'uint8_t *', argument),
    fchmod: library.func('int fchmod(int fd, unsigned int mode)'),
    flock: library.func('int flock(int fd, int operation)'),
    statx: optional(() =>
      library.func('int statx(int fd, const char *path, int flags, unsigned int mask, uint8_t *into)'),
    ),
    errno: () => koffi.errno(),
    pointerBytes: koffi.sizeof('void *'),
  };
}

/**
 * Next.js has a constant in place of NEXT_RUNTIME in what it bundles. There its bundler, Turbopack, must not follow koffi, because
 * it can't place a `.node` file. Where this package is in `serverExternalPackages`, Turbopack only lists the files that it needs,
 * and the second `require` puts koffi on the list.
 */
function requireKoffi(): typeof Koffi {
  return (
    process.env['NEXT_RUNTIME'] ? require(/* turbopackIgnore: true */ 'koffi') : require('koffi')
  ) as typeof Koffi;
}

function optional<T>(bind: () => T): T | undefined {
  try {
    return bind();
  } catch {
    return undefined; // koffi throws for a function that the library lacks
  }
}

/** glibc has the functions in libc since 2.34 and in librt before; musl has them in its libc. */
function loadLibrary(koffi: typeof Koffi): Koffi.LibraryHandle {
  const failures: string[] = [];
  for (const path of ['libc.so.6', 'librt.so.1', `libc.musl-${muslArchitecture()}.so.1`]) {
    try {
      const library = koffi.load(path);
      library.func('int mq_open(const char *name, int flags, ...)');
      return library;
    } catch (error) {
      failures.push(`${path}: ${(error as Error).message}`);
    }
  }
  throw new Error(`no C library with mq_open was found (${failures.join('; ')})`);
}

function muslArchitecture(): string {
  const names: Record<string, string> = { x64: 'x86_64', arm64: 'aarch64', arm: 'armhf', ia32: 'x86' };
  return names[process.arch] ?? process.arch;
}

/** The failure of the last call, by its `errno`. */
export function failure(libc: Libc, syscall: string): SyscallFailure {
  return new SyscallFailure(syscall, getSystemErrorName(-libc.errno()));
}
