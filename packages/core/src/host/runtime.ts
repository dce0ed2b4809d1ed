/** Bun and Deno say in `process.versions` who they are. All that isn't one of them counts as Node.js. */
export const RUNTIME: 'bun' | 'deno' | 'node' =
  process.versions['bun'] !== undefined ? 'bun' : process.versions['deno'] !== undefined ? 'deno' : 'node';

interface Deno {
  readonly Deno?: {
    readonly permissions?: { querySync(descriptor: object): { readonly state: string } };
  };
}

/** What of Deno's permissions is asked for. */
type DenoPermission =
  | { readonly name: 'read'; readonly path: string }
  | { readonly name: 'net'; readonly host: string };

/** Whether Deno allows something without asking the user. Elsewhere nothing is granted. */
export function denoGrants(permission: DenoPermission): boolean {
  return (globalThis as Deno).Deno?.permissions?.querySync(permission).state === 'granted';
}
