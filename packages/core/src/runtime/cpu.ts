import { isMainThread } from 'node:worker_threads';
import { now } from '../host/clock.js';
import { cpuUsage } from './node.js';
import type { StartProbe } from './probe.js';

const US_PER_S = 1e6;
const US_PER_MS = 1000;

/** CPU time of the process with all its threads, from now on. The main thread reports it. */
export const startCpu: StartProbe = ({ shared, process }) => {
  if (!isMainThread) return undefined;
  let before = cpuUsage();
  let since = now();
  return {
    read() {
      const usage = cpuUsage();
      const at = now();
      const user = usage.user - before.user;
      const system = usage.system - before.system;
      shared.count('process.cpu.user.seconds', user / US_PER_S);
      shared.count('process.cpu.system.seconds', system / US_PER_S);
      shared.count('process.cpu.seconds', (user + system) / US_PER_S);
      const elapsedUs = (at - since) * US_PER_MS;
      if (elapsedUs > 0) process.gauge('process.cpu.utilization', (user + system) / elapsedUs);
      before = usage;
      since = at;
    },
  };
};
