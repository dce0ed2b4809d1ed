import express = require('express');
import afstatsdExpress = require('@afstatsd/express');

const options: afstatsdExpress.ExpressOptions<express.Request, express.Response> = {
  skip: (req) => req.path === '/',
};

express().use(afstatsdExpress());
express().use(afstatsdExpress(options));
express().use(afstatsdExpress.afstatsdExpress({ skip: (req: express.Request) => req.path === '/' }));

// @ts-expect-error -- no such option
afstatsdExpress({ unknown: true });
