// The collector's program, as it is, but for its end: that comes when the demo closes the channel to it, or has gone
// itself, however that happened. Ctrl-C reaches both programs, and the shop must be closed first.
import path from 'node:path';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const ignore = (): void => {};
for (const signal of SIGNALS) process.on(signal, ignore);

const manifest = require.resolve('@afstatsd/collector/package.json');
const { bin } = require(manifest) as { bin: Record<string, string> };
require(path.join(path.dirname(manifest), bin['afstatsd-collector']!));

const end = process.listeners('SIGTERM');
for (const signal of SIGNALS) process.removeAllListeners(signal).on(signal, ignore);
process.once('disconnect', () => end.forEach((listener) => listener('SIGTERM')));
