// Runs a compiled program, given by its path, and prints what it recorded and what is instrumented in its classes.
import { pathToFileURL } from 'node:url';
import { MemoryTransport, Statsd } from '@afstatsd/core';
import { instrumentedMethods } from '@afstatsd/decorators';

const memory = new MemoryTransport();
Statsd.configure({ transport: memory, interval: Infinity, handleSignals: false });

const { classes, results } = await import(pathToFileURL(process.argv[2]));
await Statsd.flush();

const counts = {};
for (const { type, name, value, values } of memory.metrics) {
  counts[`${type} ${name}`] = type === 'timer' ? values.length : value;
}
const instrumented = classes.flatMap(instrumentedMethods).map((method) => {
  const place = `${method.static ? 'static ' : ''}${method.class}.${String(method.member)}`;
  return `@${method.decorator} ${place}: ${method.metrics.map(({ name }) => name).join(', ')}`;
});
console.log(JSON.stringify({ results, counts, instrumented }));
