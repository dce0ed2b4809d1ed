import { nodeOf } from './other-node.mjs';

/**
 * To be called in a `describe`: its tests are skipped if a version of Node.js can't be had, and the output says why. Where
 * everything is required (AFSTATSD_REQUIRE_ALL=1), mocha has a skipped test fail.
 */
export function needNode(version) {
  before(async function () {
    try {
      await nodeOf(version);
    } catch (error) {
      console.log(
        `      skipped: Node.js ${version} can't be had from npm: ${String(error.stderr ?? error)}`,
      );
      this.skip();
    }
  });
}
