// npm run demo: installs what the demo needs, builds it, and opens the shop (examples/shop). It needs Node.js and npm only, and
// leaves the workspace as it is: everything is in .demo. Arguments are checked first.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { DEMO, ROOT } from './demo/places.mjs';
import { step } from './demo/step.mjs';

const require = createRequire(import.meta.url);
const OLDEST_NODE = [20, 19];

function isTooOld() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  return major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
}

/** What the arguments ask for: `run`, or an exit code with a text. */
function readCommand() {
  const { USAGE, readArguments } = require(join(ROOT, 'examples/shop/arguments.cjs'));
  try {
    return readArguments(process.argv.slice(2)).help ? { code: 0, text: USAGE } : 'run';
  } catch (error) {
    return { code: 2, text: `${error.message}\n\n${USAGE}` };
  }
}

const command = readCommand();
if (command !== 'run') {
  (command.code === 0 ? console.log : console.error)(command.text);
  process.exitCode = command.code;
} else if (isTooOld()) {
  console.error(
    `The demo needs Node.js ${OLDEST_NODE.join('.')} or later; this is ${process.versions.node}.`,
  );
  process.exitCode = 1;
} else {
  try {
    // Each step is loaded once its line is written, because the first line shall come soon.
    await step(
      1,
      'Installing Express, Fastify, OpenTelemetry, koffi and esbuild with npm, into .demo',
      async () => (await import('./demo/install.mjs')).install(),
    );
    await step(2, 'Building the packages and the shop with esbuild', async () =>
      (await import('./demo/build.mjs')).build(),
    );
    console.log('[3/3] Opening the shop');
    // In this process, so that signals and the exit code are the shop's own.
    require(join(DEMO, 'shop/dist/src/main.js'));
  } catch (error) {
    console.error(`The demo can't start: ${error.message}`);
    process.exitCode = 1;
  }
}
