'use strict';

// The plugin itself, for `require`; by name, and as the default, for `import`.
const { afstatsd } = require('./dist/src/plugin.js');

module.exports = afstatsd;
module.exports.default = afstatsd;
module.exports.afstatsd = afstatsd;
// The name that fastify-plugin makes of the package's.
module.exports.afstatsdFastify = afstatsd;
