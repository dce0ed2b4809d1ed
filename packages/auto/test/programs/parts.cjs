console.log(JSON.stringify(require('@afstatsd/auto').parts));
