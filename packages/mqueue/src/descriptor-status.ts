import type { QueueStatus } from './binding.js';
import { fileStatus, inodeText } from './file-status.js';
import type { Libc } from './libc.js';

/** Flag and mask of statx(2), and the size of `struct statx`, which is the same on every Linux. */
const AT_EMPTY_PATH = 0x1000;
const STATX_BASIC_STATS = 0x7ff;
const STATX_BYTES = 256;

/** The structure that every call uses in turn. */
const bytes = new Uint8Array(STATX_BYTES);
const statx = new DataView(bytes.buffer);
const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/**
 * The status of one of libc's descriptors. libc is asked, because the runtime may number its descriptors in its own way, as
 * Deno does, or may not let them be looked at. C libraries without statx(2) leave it to Node.js: glibc before 2.28, musl before
 * 1.2.5, and sandboxes that forbid the call.
 */
export function descriptorStatus(libc: Libc, fd: number): QueueStatus {
  if (libc.statx === undefined || libc.statx(fd, '', AT_EMPTY_PATH, STATX_BASIC_STATS, bytes) !== 0) {
    return fileStatus(fd);
  }
  return {
    nlink: statx.getUint32(16, isLittleEndian),
    uid: statx.getUint32(20, isLittleEndian),
    mode: statx.getUint16(28, isLittleEndian) & 0o777,
    inode: inodeText(
      statx.getUint32(136, isLittleEndian),
      statx.getUint32(140, isLittleEndian),
      statx.getBigUint64(32, isLittleEndian),
    ),
  };
}
