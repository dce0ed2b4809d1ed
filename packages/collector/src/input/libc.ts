import { endianness } from 'node:os';
import { getSystemErrorName } from 'node:util';
import type * as Koffi from 'koffi';

/** A call of the system has failed. */
export class PortError extends Error {
  readonly code: string;

  constructor(syscall: string, code: string) {
    super(`${syscall} ${code}`);
    this.code = code;
  }
}

/** libc's functions. Pointers are passed as numbers. Their memory is allocated once and never moves. */
export interface Libc {
  socket(domain: number, type: number, protocol: number): number;
  bind(fd: number, address: number, bytes: number): number;
  connect(fd: number, address: number, bytes: number): number;
  setsockopt(fd: number, level: number, name: number, value: number, bytes: number): number;
  getsockopt(fd: number, level: number, name: number, value: number, bytes: number): number;
  poll(fds: number, count: number, ms: number): number;
  usleep(us: number): number;
  recvmmsg(fd: number, messages: number, count: number, flags: number, timeout: number): number;
  sendto(
    fd: number,
    bytes: number,
    length: number,
    flags: number,
    address: number,
    addressBytes: number,
  ): number;
  inetPton(family: number, text: string, address: number): number;
  inetNtop(family: number, address: number, text: Uint8Array, bytes: number): string | null;
  umask(mode: number): number;
  close(fd: number): number;
  /** The error of the last call that failed. */
  errno(): number;
  /** Memory that doesn't move, and its address. */
  allocate(bytes: number): { readonly memory: ArrayBuffer; readonly at: number };
  /** Throws the error of a call that has just failed. */
  fail(syscall: string): never;
}

/** Whether this machine lays out the kernel's structures as 64-bit Linux does. */
export function isKnownLayout(): boolean {
  return (
    process.platform === 'linux' &&
    ['x64', 'arm64', 'riscv64'].includes(process.arch) &&
    endianness() === 'LE'
  );
}

let loaded: Libc | undefined;

/** libc, loaded once. Throws koffi's own error if koffi can't be loaded. */
export function libc(): Libc {
  return (loaded ??= load());
}

function load(): Libc {
  const koffi = require('koffi') as typeof Koffi;
  const library = loadLibrary(koffi);
  return {
    socket: library.func('int socket(int domain, int type, int protocol)'),
    bind: library.func('int bind(int fd, uintptr_t address, uint length)'),
    connect: library.func('int connect(int fd, uintptr_t address, uint length)'),
    setsockopt: library.func('int setsockopt(int fd, int level, int name, uintptr_t value, uint length)'),
    getsockopt: library.func(
      'int getsockopt(int fd, int level, int name, uintptr_t value, uintptr_t length)',
    ),
    poll: library.func('int poll(uintptr_t fds, ulong count, int timeout)'),
    usleep: library.func('int usleep(uint us)'),
    recvmmsg: library.func(
      'int recvmmsg(int fd, uintptr_t messages, uint count, int flags, uintptr_t timeout)',
    ),
    sendto: library.func(
      'long sendto(int fd, uintptr_t bytes, size_t length, int flags, uintptr_t address, uint addressLength)',
    ),
    inetPton: library.func('int inet_pton(int family, const char *text, uintptr_t address)'),
    inetNtop: library.func(
      'const char *inet_ntop(int family, uintptr_t address, uint8_t *text, uint length)',
    ),
    umask: library.func('uint umask(uint mode)'),
    close: library.func('int close(int fd)'),
    errno: () => koffi.errno(),
    allocate: (bytes) => {
      const memory: unknown = koffi.alloc('uint8_t', bytes);
      return { memory: koffi.view(memory, bytes), at: Number(koffi.address(memory)) };
    },
    fail: (syscall) => {
      throw new PortError(syscall, getSystemErrorName(-koffi.errno()));
    },
  };
}

/** Loads glibc, or else musl. */
function loadLibrary(koffi: typeof Koffi): Koffi.LibraryHandle {
  const names: Record<string, string> = { x64: 'x86_64', arm64: 'aarch64' };
  const musl = `libc.musl-${names[process.arch] ?? process.arch}.so.1`;
  try {
    return koffi.load('libc.so.6');
  } catch {
    return koffi.load(musl);
  }
}
