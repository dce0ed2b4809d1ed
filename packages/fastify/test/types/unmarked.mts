// Wrong on purpose, and not marked so: what checks the other files has to find both.
import { afstatsd } from '@afstatsd/fastify';
import { fastify } from 'fastify';

fastify().register(afstatsd, { prefix: 5 });
// @ts-expect-error nothing is wrong here
fastify().register(afstatsd, { prefix: 'shop' });
