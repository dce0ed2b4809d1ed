// In the way of CommonJS, the module is the plugin.
import afstatsd = require('@afstatsd/fastify');
import fastify = require('fastify');

const options: afstatsd.FastifyOptions = { prefix: 'shop' };
fastify().register(afstatsd, options);
fastify().register(afstatsd.afstatsd, options);
// @ts-expect-error a string
fastify().register(afstatsd, { prefix: 5 });
