import { type Address, describeAddress } from '../config/address.js';

/** Whether an error says that this machine doesn't have an address. */
export function isMissing(code: string | undefined): boolean {
  return code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT';
}

/** An error that says what to do about a port that can't be opened. */
export function explain(error: Error, protocol: 'UDP' | 'TCP', address: Address): Error {
  const { code } = error as NodeJS.ErrnoException;
  const flag = `--${protocol.toLowerCase()}`;
  const advice: Record<string, string> = {
    EADDRINUSE: `another program has this port; end it, or give ${flag} another one, or ${flag} off`,
    EACCES: `this user may not use this port; give ${flag} one above 1023`,
    EADDRNOTAVAIL: 'this machine has no such address',
    EAFNOSUPPORT: 'this machine has no addresses of this kind',
    ENOTFOUND: 'there is no such host',
  };
  const text = `can't listen on ${protocol} ${describeAddress(address)} (${code})`;
  return new Error(`${text}: ${advice[code ?? ''] ?? error.message}`, { cause: error });
}
