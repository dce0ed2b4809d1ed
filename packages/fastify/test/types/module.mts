// What is right has to compile, and each line that is marked has to be refused.
import { StatsdClient } from '@afstatsd/core';
import standard, { type FastifyOptions, type RouteConfig, afstatsd } from '@afstatsd/fastify';
import { type FastifyReply, type FastifyRequest, type RouteShorthandOptions, fastify } from 'fastify';

/** Whether both are the same type; `any` is the same as `any` only. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function check<_Is extends true>(): void {}

const app = fastify();
const statsd = new StatsdClient();

app.register(afstatsd);
app.register(afstatsd, {});
app.register(standard, {
  statsd,
  prefix: 'shop',
  name: 'requests',
  timing: false,
  bytes: true,
  maxRoutes: 5,
});
app.register(standard.afstatsd, { exclude: ['/health', /x/], inFlight: true, pageviews: false });
app.register(standard.default, { pageviews: { name: 'views' } });

app.register(afstatsd, {
  skip: (request) => {
    check<Same<typeof request, FastifyRequest>>();
    return request.is404;
  },
  tags: (request, reply) => {
    check<Same<typeof request, FastifyRequest>>();
    check<Same<typeof reply, FastifyReply>>();
    return { host: request.hostname, ok: reply.statusCode < 400, none: undefined };
  },
  pageviews: {
    when: (request, reply) => {
      check<Same<typeof request, FastifyRequest>>();
      check<Same<typeof reply, FastifyReply>>();
      return reply.sent;
    },
  },
});
check<Same<NonNullable<FastifyOptions['statsd']>, StatsdClient>>();
check<Same<NonNullable<FastifyOptions['prefix']>, string>>();

// @ts-expect-error no such option
app.register(afstatsd, { prefx: 'shop' });
// @ts-expect-error a string
app.register(afstatsd, { prefix: 5 });
// @ts-expect-error true or false
app.register(afstatsd, { timing: 'yes' });
// @ts-expect-error an object, true or false
app.register(afstatsd, { pageviews: 'views' });
// @ts-expect-error a list
app.register(afstatsd, { exclude: '/health' });
// @ts-expect-error it says whether
app.register(afstatsd, { skip: (request: FastifyRequest) => request.url });
// @ts-expect-error tags are an object
app.register(afstatsd, { tags: () => 'a:1' });
// @ts-expect-error a client
app.register(afstatsd, { statsd: {} });

app.get('/health', { config: { afstatsd: { skip: true } } }, () => 'x');
app.get('/pay', { config: { afstatsd: { name: 'checkout' } } }, () => 'x');
app.get('/users', (request) => {
  check<Same<typeof request.routeOptions.config.afstatsd, RouteConfig | undefined>>();
  return 'x';
});
// @ts-expect-error true or false
app.get('/health', { config: { afstatsd: { skip: 1 } } }, () => 'x');
// @ts-expect-error a string
app.get('/pay', { config: { afstatsd: { name: 5 } } }, () => 'x');
// Fastify takes the type of a config from what is written there, further fields and all, unless its type is said.
app.get('/health', { config: { afstatsd: { skp: true } } }, () => 'x');
// @ts-expect-error no such field
export const typed: RouteShorthandOptions = { config: { afstatsd: { skp: true } } };
