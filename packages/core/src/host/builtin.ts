import type asyncHooks from 'node:async_hooks';
import type dgram from 'node:dgram';
import type dns from 'node:dns';
import type net from 'node:net';
import type workerThreads from 'node:worker_threads';

// Modules of Node.js that a program needs only once it records or sends: loading them takes as long as loading all of core.
// `require` can't load them later, because a test file of Jest that has ended may require nothing any more.

export const loadAsyncHooks = (): typeof asyncHooks => process.getBuiltinModule('node:async_hooks');
export const loadDgram = (): typeof dgram => process.getBuiltinModule('node:dgram');
export const loadDns = (): typeof dns => process.getBuiltinModule('node:dns');
export const loadNet = (): typeof net => process.getBuiltinModule('node:net');
export const loadWorkerThreads = (): typeof workerThreads => process.getBuiltinModule('node:worker_threads');

/** Whether this is the main thread. */
export const isMainThread = (): boolean => loadWorkerThreads().isMainThread;
