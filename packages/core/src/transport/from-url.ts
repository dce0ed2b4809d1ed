import { describe } from '../describe.js';
import { AFTransport } from './af.js';
import { MemoryTransport } from './memory.js';
import { NullTransport } from './null.js';
import type { Transport } from './transport.js';

/**
 * The transport that a URL stands for: `mq:///queue`, `memory:` or `null:`.
 *
 * @throws TypeError for any other text.
 */
export function transportFromUrl(text: string): Transport {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  switch (url?.protocol) {
    case 'mq:':
      if (url.host !== '')
        throw new TypeError(
          `a queue's URL has three slashes, as in mq:///afcollectorapi; it is ${describe(text)}`,
        );
      return new AFTransport({ queue: decodeURIComponent(url.pathname) });
    case 'memory:':
      return new MemoryTransport();
    case 'null:':
      return new NullTransport();
    default:
      throw new TypeError(`a transport's URL is mq:///name, memory: or null:; it is ${describe(text)}`);
  }
}
