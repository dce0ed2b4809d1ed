// Runs test files of mocha in this runtime: `suite.mjs FILE…`. Its last line of output is the number of failed tests.
import Mocha from 'mocha';

const mocha = new Mocha({ reporter: 'dot', timeout: 60_000 });
for (const file of process.argv.slice(2)) mocha.addFile(file);
await mocha.loadFilesAsync();
mocha.run((failures) => {
  console.log(`failed: ${failures}`);
  process.exit();
});
