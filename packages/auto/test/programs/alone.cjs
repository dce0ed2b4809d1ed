// node --import @afstatsd/auto/PART alone.cjs PART: no other part is loaded.
const { basename, sep } = require('node:path');

const parts = Object.keys(require.cache).filter((file) =>
  file.includes(`${sep}auto${sep}dist${sep}src${sep}parts${sep}`),
);
const names = parts.map((file) => basename(file, '.js'));
if (names.join() !== process.argv[2]) throw new Error(`loaded: ${names.join()}`);
