/** The runtime. `process.versions` names Bun and Deno. Any other runtime counts as Node.js. */
export const RUNTIME: 'bun' | 'deno' | 'node' =
  process.versions['bun'] !== undefined ? 'bun' : process.versions['deno'] !== undefined ? 'deno' : 'node';

interface Deno {
  readonly Deno?: {
    readonly permissions?: { querySync(descriptor: object): { readonly state: string } };
  };
}

/** A permission of Deno that is checked. */
type DenoPermission =
  | { readonly name: 'read'; readonly path: string }
  | { readonly name: 'net'; readonly host: string };

/** Whether Deno grants a permission without asking the user. False on other runtimes. */
export function denoGrants(permission: DenoPermission): boolean {
  return (globalThis as Deno).Deno?.permissions?.querySync(permission).state === 'granted';
}
