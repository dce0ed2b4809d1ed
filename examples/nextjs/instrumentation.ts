/** Next.js calls this once in each of its runtimes, before the server takes requests. */
export async function register(): Promise<void> {
  // Only Node.js has sockets and queues. The condition stands around the import, so the edge runtime's bundle is without it.
  if (process.env['NEXT_RUNTIME'] === 'nodejs') await import('./lib/metrics');
}
