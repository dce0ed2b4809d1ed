// Runs test files of mocha in this runtime: `suite.mjs LEFT_OUT FILE…`, with a list of tests to leave out, as JSON of their full
// titles. Its last line of output is a JSON list of the tests that failed.
import { createHash } from 'node:crypto';
import Mocha from 'mocha';

// Deno runs promise reactions inside the first call (findings/deno-runs-promise-reactions-inside-create-hash.sh), which breaks the
// first request of a test that Express makes an etag for.
createHash('sha1');

const [leftOut, ...files] = process.argv.slice(2);
const titles = new Set(JSON.parse(leftOut));
const mocha = new Mocha({ reporter: 'dot', timeout: 120_000 });
for (const file of files) mocha.addFile(file);
await mocha.loadFilesAsync();
mocha.suite.eachTest((test) => {
  if (titles.has(test.fullTitle())) test.pending = true;
});
const failed = [];
mocha
  .run(() => {
    console.log(JSON.stringify(failed));
    process.exit();
  })
  .on('fail', (test) => failed.push(test.fullTitle()));
