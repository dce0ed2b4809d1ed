'use strict';

// The middleware itself, for `require`; by name, and as the default, for `import`.
const { afstatsdExpress } = require('./dist/src/middleware.js');

module.exports = afstatsdExpress;
module.exports.default = afstatsdExpress;
module.exports.afstatsdExpress = afstatsdExpress;
