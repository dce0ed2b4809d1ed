import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { useCleanup } from './cleanup.js';

/** To be called in a `describe`. @returns what makes a directory, which is removed after the test with all that is in it. */
export function useDirectories(): () => string {
  const later = useCleanup();
  return () => {
    const directory = mkdtempSync(path.join(tmpdir(), 'afstatsd-test-'));
    later(() => rmSync(directory, { recursive: true, force: true }));
    return directory;
  };
}
