import express from 'express';
import afstatsd, { afstatsdExpress, type ExpressOptions } from '@afstatsd/express';
import { StatsdClient } from '@afstatsd/core';

const app = express();
const statsd = new StatsdClient({ interval: 0 });

// As a middleware: of an app and a router, at a path, by each of its names.
app.use(afstatsdExpress());
app.use(afstatsd({ statsd }));
app.use('/api', afstatsdExpress({}), afstatsd.afstatsdExpress());
express.Router().use(afstatsdExpress({ statsd }));

// All options, with the requests and responses of Express in the callbacks.
app.use(
  afstatsdExpress({
    statsd,
    prefix: 'shop',
    name: 'requests',
    timing: false,
    pageviews: {
      name: 'views',
      when: (req: express.Request, res: express.Response) => req.xhr && res.headersSent,
    },
    skip: (req: express.Request) => req.path.startsWith('/internal'),
    exclude: ['/health', '/internal/*', /^\/x/],
    inFlight: true,
    bytes: true,
    tags: (req: express.Request, res: express.Response) => ({ host: req.hostname, sent: res.headersSent }),
    maxRoutes: 10,
  }),
);
app.use(afstatsdExpress({ pageviews: false, skip: (req: express.Request) => req.secure }));
app.use(
  afstatsdExpress<express.Request, express.Response>({
    skip: (req) => req.path === '/',
    tags: (req) => ({ ip: req.ip ?? '' }),
  }),
);

const options: ExpressOptions<express.Request, express.Response> = { skip: (req) => req.path === '/' };
app.use(afstatsdExpress(options));

// @ts-expect-error -- no such option
afstatsdExpress({ unknown: true });
// @ts-expect-error -- a name is a string
afstatsdExpress({ name: 1 });
// @ts-expect-error -- page views are counted, not, or as an object says
afstatsdExpress({ pageviews: 'yes' });
// @ts-expect-error -- no such option of page views
afstatsdExpress({ pageviews: { unknown: 1 } });
// @ts-expect-error -- paths are in a list
afstatsdExpress({ exclude: '/health' });
// @ts-expect-error -- skip is a function
afstatsdExpress({ skip: true });
// @ts-expect-error -- which says yes or no
afstatsdExpress({ skip: (req: express.Request) => req.path });
// @ts-expect-error -- tags are an object
afstatsdExpress({ tags: () => 'gold' });
// @ts-expect-error -- a client isn't a URL
afstatsdExpress({ statsd: 'udp://localhost' });
// @ts-expect-error -- Express has no such property
afstatsdExpress({ skip: (req: express.Request) => req.nothing });
