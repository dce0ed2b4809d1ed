import { fstatSync } from 'node:fs';
import type { QueueStatus } from './binding.js';

const PERMISSION_BITS = 0o777;

/** The status of one of Node's descriptors. */
export function fileStatus(fd: number): QueueStatus {
  const { uid, mode, nlink, dev, ino } = fstatSync(fd);
  // Node.js has the device as makedev(3) packs it.
  const major = ((dev >>> 8) & 0xfff) | (Math.floor(dev / 0x1_0000_0000) & 0xffff_f000);
  const minor = (dev & 0xff) | ((dev >>> 12) & 0xfff00);
  return { uid, mode: mode & PERMISSION_BITS, nlink, inode: inodeText(major, minor, ino) };
}

/** A file as `/proc/locks` names it. */
export function inodeText(major: number, minor: number, ino: number | bigint): string {
  const hex = (number: number): string => number.toString(16).padStart(2, '0');
  return `${hex(major)}:${hex(minor)}:${ino}`;
}
