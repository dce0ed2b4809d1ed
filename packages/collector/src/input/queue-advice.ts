import { constants, accessSync, readFileSync } from 'node:fs';

/** A queue with room for this many messages isn't called small. */
const ENOUGH_MESSAGES = 50;
const WANTED_MESSAGES = 200;
/** The longest message of the format, in bytes. Every name with its tags fits it. */
const LONGEST_MESSAGE_BYTES = 2048;

export interface QueueSize {
  /** The queue's name, with its slash. */
  readonly queue: string;
  readonly depth: number;
  readonly messageBytes: number;
}

/** Advice to the operator about the size of a queue. */
export interface Advice {
  readonly severity: 'info' | 'warn';
  readonly text: string;
}

export function adviceOn({ queue, depth, messageBytes }: QueueSize): Advice[] {
  const advice: Advice[] = [];
  if (messageBytes < LONGEST_MESSAGE_BYTES) {
    const todo = remedy(queue, 'msgsize_max', LONGEST_MESSAGE_BYTES);
    const text = `the queue takes messages of ${messageBytes} bytes, and a metric with its name and tags can have ${LONGEST_MESSAGE_BYTES}: clients drop those that don't fit. ${todo}`;
    advice.push({ severity: 'warn', text });
  }
  if (depth < ENOUGH_MESSAGES) {
    const todo = remedy(queue, 'msg_max', WANTED_MESSAGES);
    advice.push({ severity: 'info', text: `the queue is small, so clients wait often. ${todo}` });
  }
  return advice;
}

/** The steps to a larger queue, for the reader of the log. */
function remedy(queue: string, limit: 'msg_max' | 'msgsize_max', wanted: number): string {
  const removal = mayAccess(`/dev/mqueue${queue}`, constants.F_OK)
    ? `remove the queue (rm /dev/mqueue${queue}): the collector makes it again at once`
    : 'remove the queue: start the collector once with --unlink, and end it';
  const file = `/proc/sys/fs/mqueue/${limit}`;
  if (isEnough(file, wanted)) return `The system allows more: ${removal}`;
  const raise = `sysctl -w fs.mqueue.${limit}=${wanted}`;
  const raising = mayAccess(file, constants.W_OK)
    ? `Raise ${file} (${raise})`
    : `Have root, or who starts this container, raise ${file} to ${wanted} (${raise}, docker run --sysctl)`;
  return `${raising}, and ${removal}`;
}

function isEnough(file: string, wanted: number): boolean {
  try {
    return Number(readFileSync(file, 'utf8')) >= wanted;
  } catch {
    return false;
  }
}

/** Whether this process may access the file. Even root may not write a limit in a container with a read-only file system. */
function mayAccess(file: string, how: number): boolean {
  try {
    accessSync(file, how);
    return true;
  } catch {
    return false;
  }
}
