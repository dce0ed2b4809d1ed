/** Bun and Deno say in `process.versions` who they are. All that isn't one of them counts as Node.js. */
export const RUNTIME: 'bun' | 'deno' | 'node' =
  process.versions['bun'] !== undefined ? 'bun' : process.versions['deno'] !== undefined ? 'deno' : 'node';
