'use strict';

// hot-shots' `require` gives the class itself, and `import` has it as the default and by its name.
const { StatsD } = require('./dist/src/hot-shots/index.js');

module.exports = StatsD;
module.exports.StatsD = StatsD;
module.exports.default = StatsD;
