// Tests of the suites that don't pass in Bun or in Deno, and why. docs/runtimes.md has the reasons.
import { BUN, DENO } from './runtimes.mjs';

/**
 * @typedef {object} Exception
 * @property {RegExp} tests - their full titles.
 * @property {string} why - as docs/runtimes.md says it.
 * @property {true} [leftOut] - They wait for ever, so they aren't run.
 */

const LOOK_UPS = {
  tests: /^a UDP host that is a name is not looked up before that/,
  why: '`async_hooks` announces no look-ups, by which the test counts them',
};
const FAKE_TIMERS = {
  tests: /^@Gauge with poll .* of a class that never polls/,
  why: 'the test speeds timers up by `node --require`',
  leftOut: true,
};

/** @type {Readonly<Record<string, readonly Exception[]>>} */
export const EXCEPTIONS = {
  [BUN]: [
    LOOK_UPS,
    FAKE_TIMERS,
    {
      tests:
        /bytes\W+(is|counts) what was sent, headers included|gives each request of a pipeline its own bytes/,
      why: '`bytesWritten` of a connection counts the content alone',
    },
    {
      tests:
        /^requests that a server announces keep nothing of a connection|^a middleware that is used wrongly .* after all routes/,
      why: 'servers announce no requests on `node:diagnostics_channel`, so a middleware after all routes is not noticed',
    },
    {
      tests: /records a request whose response the app gives another request, or none/,
      why: '`response.end` throws where the app has set `response.req` to something else',
    },
    {
      tests: /^the calls of a request say once for each route that a thing ran often, and from where/,
      why: 'at the end of a timed call the stack of JavaScriptCore does not lead to the `await` of its caller, so no place is named',
    },
    {
      tests: /keeps memory flat while nobody reads|^a child of a client leaves nothing behind/,
      why: 'the test needs `gc` of V8',
    },
  ],
  [DENO]: [
    LOOK_UPS,
    FAKE_TIMERS,
    {
      tests:
        /keeps everything pending, warns once, says what is lost and ends without delay, if the host has no address/,
      why: 'a warning of `process.emitWarning` is written in a later turn, and lost where `process.exit` comes first',
    },
    {
      tests: /^the module @afstatsd\/express has the function as its default and by its name, for import/,
      why: 'the test runs `node --input-type=module --eval`',
    },
    {
      tests: /^a UDP socket that could not connect is replaced at the next flush/,
      why: 'Deno panics where it has no descriptor left',
    },
  ],
};
