// What importing changes in a process, before and after.
function look(): unknown {
  return {
    listeners: process.eventNames().map((event) => [String(event), process.listenerCount(event as 'exit')]),
    resources: process.getActiveResourcesInfo(),
    native: Object.keys(require.cache).filter((file) => /\/node_modules\/(koffi|posix-mq)\//.test(file)),
  };
}

const before = look();
require('../../src/index.js');
console.log(JSON.stringify({ before, after: look() }));
