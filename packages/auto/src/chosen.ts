import { Statsd } from '@afstatsd/core';
import { parseBoolean } from '@afstatsd/core/instrument';

/** The parts, by the names that `AFSTATSD_AUTO` takes. */
export const PARTS = [
  'bullmq',
  'express',
  'fastify',
  'hono',
  'http',
  'http-client',
  'ioredis',
  'koa',
  'mysql2',
  'pg',
  'runtime',
  'undici',
] as const;

/** The name of a part, as `AFSTATSD_AUTO` takes it. */
export type PartName = (typeof PARTS)[number];

/** Requests that come in, whatever framework answers them. */
const SERVERS: readonly PartName[] = ['express', 'fastify', 'hono', 'http', 'koa'];

/**
 * The parts that `AFSTATSD_AUTO` asks for. Without the variable these are all parts, and with `off` none. `http,pg` asks for these
 * two, and `-http,-pg` for all others. `http` stands for the frameworks too. An unknown name is said once, and the others count.
 */
export function chosenParts(text: string | undefined): readonly PartName[] {
  if (text === undefined || text.trim() === '' || parseBoolean(text) === true) return PARTS;
  if (parseBoolean(text) === false) return [];
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const left = new Set<PartName>();
  const wanted = new Set<PartName>();
  for (const name of names) {
    const isLeft = name.startsWith('-');
    for (const part of partsOf(isLeft ? name.slice(1) : name)) (isLeft ? left : wanted).add(part);
  }
  const isOnlyLeft = names.every((name) => name.startsWith('-'));
  return PARTS.filter((part) => (isOnlyLeft || wanted.has(part)) && !left.has(part));
}

function partsOf(name: string): readonly PartName[] {
  if (name === 'http') return SERVERS;
  if ((PARTS as readonly string[]).includes(name)) return [name as PartName];
  Statsd.warnOnce(
    'auto unknown',
    () => `AFSTATSD_AUTO names the part "${name}", which there isn't. The parts are ${PARTS.join(', ')}`,
  );
  return [];
}
