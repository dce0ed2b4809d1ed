// Removes what the build and the tests leave behind, so that nothing stale is tested or packed.
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

function clean(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'node_modules' || entry.name === '.git') continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (['dist', 'coverage', '.demo'].includes(entry.name) || entry.name.startsWith('.tmp-')) {
        rmSync(path, { recursive: true, force: true });
      } else {
        clean(path);
      }
    } else if (entry.name.endsWith('.tsbuildinfo')) {
      rmSync(path);
    }
  }
}

clean(root);
