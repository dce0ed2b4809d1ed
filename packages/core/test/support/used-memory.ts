import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What is held, in bytes, on the heap and in array buffers, once garbage has been collected. */
export function usedMemory(): number {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  gc();
  gc(); // because array buffers are freed in another thread after a collection, which the next one waits for
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
