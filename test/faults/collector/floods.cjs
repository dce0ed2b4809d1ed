'use strict';

const { randomBytes } = require('node:crypto');

/** In bytes; a datagram holds a little more. */
const LONGEST_DATAGRAM = 60_000;

/** Hostile input: the n-th datagram, or message of the queue, of each kind. */
const FLOODS = {
  malformed: (n) => ['::::|||@@@', `bad${n}`, 'a:1|zz|@x', ':|c', 'a:|c|#', '|||'].join('\n'),
  'huge names': (n) => `${'n'.repeat(LONGEST_DATAGRAM - 20)}${n}:1|c`,
  'huge values': () => `n:${'9'.repeat(LONGEST_DATAGRAM)}|c`,
  'many names': (n) => Array.from({ length: 50 }, (_, i) => `name.${n}.${i}:1|c`).join('\n'),
  'many tags': (n) => `tagged:1|c|#${Array.from({ length: 200 }, (_, i) => `key${i}:value${n}-${i}`).join()}`,
  'many members': (n) => Array.from({ length: 50 }, (_, i) => `set:${n}-${i}|s`).join('\n'),
  'incident reports': () => `_e{5,4}:title|text`,
  'invalid UTF-8': () => Buffer.concat([randomBytes(400), Buffer.from(`\xff\xfe:1|c`, 'latin1')]),
  'deep bundles': (n) => Array.from({ length: 150 }, (_, i) => `deep.${n % 1000}.${i}:1|c`).join('::'),
  'noise on the queue': (n) => randomBytes(1 + (n % 2000)),
};

/** Those that go to the queue, and not to UDP. */
const TO_QUEUE = ['deep bundles', 'noise on the queue'];

module.exports = { FLOODS, TO_QUEUE };
