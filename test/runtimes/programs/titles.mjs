// Prints the full titles of the tests in files of mocha, as a JSON list: `titles.mjs FILE…`.
import Mocha from 'mocha';

const mocha = new Mocha();
for (const file of process.argv.slice(2)) mocha.addFile(file);
await mocha.loadFilesAsync();
const titles = [];
mocha.suite.eachTest((test) => titles.push(test.fullTitle()));
console.log(JSON.stringify(titles));
process.exit();
