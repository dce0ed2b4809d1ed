import type { StoreUrl } from '../config/store-url.js';
import { readHeaders } from '../config/headers.js';

/** The headers for a store: those of its variable, or else its name and password. */
export function headersFor(
  { login, own }: StoreUrl,
  variable: string,
  env: NodeJS.ProcessEnv,
): Readonly<Record<string, string>> {
  const basic =
    login === undefined ? {} : { Authorization: `Basic ${Buffer.from(login).toString('base64')}` };
  return { ...basic, ...readHeaders(env[own.get('headers') ?? variable] ?? '') };
}
