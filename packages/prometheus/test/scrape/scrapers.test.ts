import { expect } from 'chai';
import type { Scraper } from '../../src/scrape/scraper.js';
import { Scrapers } from '../../src/scrape/scrapers.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

describe('scrapers', () => {
  let scrapers: Scrapers;
  beforeEach(() => {
    scrapers = new Scrapers();
  });

  const connection = (remoteAddress = '10.0.0.1') => ({ remoteAddress, writable: true });
  const ask = (
    socket: { remoteAddress: string; writable: boolean },
    now = 0,
    { agent = 'Prometheus/2.42.0', timeout = '10', method = 'GET' } = {},
  ): Scraper | undefined => {
    const headers = { 'user-agent': agent, 'x-prometheus-scrape-timeout-seconds': timeout };
    return scrapers.asking({ method, headers, socket }, now);
  };

  it('are known by the header that says how long they wait', () => {
    const headers = { 'user-agent': 'curl/7.88.1', accept: '*/*' };
    expect(scrapers.asking({ method: 'GET', headers, socket: connection() }, 0)).to.be.undefined;
    expect(ask(connection())).not.to.be.undefined;
    expect(ask(connection(), 0, { timeout: '' }), 'an empty header').not.to.be.undefined;
  });

  it('get a page: a request for its head is none', () => {
    expect(ask(connection(), 0, { method: 'HEAD' })).to.be.undefined;
  });

  it('are the same as long as their connection is', () => {
    const socket = connection();
    expect(ask(socket, 15 * SECOND)).to.equal(ask(socket));
  });

  it('are different ones on two connections, though all else is equal', () => {
    const [a, b] = [connection(), connection()];
    const [first, second] = [ask(a), ask(b)];
    expect(first).not.to.equal(second);
    expect([ask(b, 1), ask(a, 1)]).to.deep.equal([second, first]);
  });

  it('go on with a new connection once theirs is closed, each one once', () => {
    const [a, b] = [connection(), connection()];
    const [first, second] = [ask(a), ask(b, 1)];
    a.writable = false;
    expect(ask(connection(), 2)).to.equal(first);
    expect(ask(connection(), 3)).not.to.be.oneOf([first, second]);
  });

  for (const [what, options] of [
    ['address', { address: '10.0.0.2' }],
    ['user agent', { agent: 'Prometheus/3.0.0' }],
    ['timeout', { timeout: '5' }],
  ] as const) {
    it(`don’t go on with one of another ${what}`, () => {
      const closed = connection();
      const before = ask(closed);
      closed.writable = false;
      const { address, ...other } = { address: '10.0.0.1', ...options };
      expect(ask(connection(address), 1, other)).not.to.equal(before);
    });
  }

  it('are told apart by what they say, when a proxy sends them over one connection', () => {
    const proxy = connection();
    const a = ask(proxy, 0, { timeout: '10' });
    const b = ask(proxy, 1, { timeout: '5' });
    expect(a).not.to.equal(b);
    expect(ask(proxy, 2, { timeout: '10' })).to.equal(a);
    expect(ask(proxy, 3, { timeout: '5' })).to.equal(b);
  });

  it('are new ones after five minutes, on their old connection too', () => {
    const socket = connection();
    const before = ask(socket);
    expect(ask(socket, 5 * MINUTE)).to.equal(before);
    expect(ask(socket, 10 * MINUTE + 1)).not.to.equal(before);
  });

  it('are a hundred at most, and the one that asked longest ago is forgotten first', () => {
    const sockets = Array.from({ length: 100 }, () => connection());
    const known = sockets.map((socket) => ask(socket));
    expect(ask(sockets[0]!, 1)).to.equal(known[0]);
    ask(connection(), 2); // the second one has to go
    expect(ask(sockets[0]!, 3)).to.equal(known[0]);
    expect(ask(sockets[2]!, 3)).to.equal(known[2]);
    expect(ask(sockets[1]!, 3)).not.to.equal(known[1]);
  });

  it('take a bounded space, whatever headers they send', () => {
    const [long, longer] = ['x'.repeat(10_000), 'x'.repeat(10_001)];
    const scraper = ask(connection(), 0, { agent: long, timeout: longer })!;
    expect(scraper.origin.length).to.be.below(600);
  });

  describe('the shortest gap', () => {
    it('is not known before the second request of any', () => {
      expect(scrapers.shortestGap(0)).to.equal(undefined);
      ask(connection());
      ask(connection());
      expect(scrapers.shortestGap(1)).to.equal(undefined);
    });

    it('is that of the scraper that asks most often, and a single early request changes nothing', () => {
      const [often, seldom] = [connection(), connection()];
      for (const at of [0, 15, 30, 45]) ask(often, at * SECOND);
      for (const at of [0, 60]) ask(seldom, at * SECOND);
      expect(scrapers.shortestGap(46 * SECOND)).to.equal(15 * SECOND);
      ask(often, 46 * SECOND);
      expect(scrapers.shortestGap(46 * SECOND)).to.equal(15 * SECOND);
    });

    it('is that of another once the scraper has gone', () => {
      const [often, seldom] = [connection(), connection()];
      for (const at of [0, 15, 30, 45]) ask(often, at * SECOND);
      for (const at of [0, 60, 120]) ask(seldom, at * SECOND);
      expect(scrapers.shortestGap(90 * SECOND)).to.equal(15 * SECOND);
      expect(scrapers.shortestGap(121 * SECOND)).to.equal(60 * SECOND);
      expect(scrapers.shortestGap(10 * MINUTE)).to.equal(undefined);
    });
  });

  describe('the page that all have had', () => {
    it('is any page while nobody is active', () => {
      expect(scrapers.pageOfAll(0)).to.equal(Infinity);
      ask(connection());
      expect(scrapers.pageOfAll(MINUTE + 1)).to.equal(Infinity);
    });

    it('is the oldest of those that are active', () => {
      const [a, b] = [ask(connection()), ask(connection())];
      expect(scrapers.pageOfAll(0)).to.equal(0);
      a!.had(7);
      expect(scrapers.pageOfAll(0)).to.equal(0);
      b!.had(5);
      expect(scrapers.pageOfAll(0)).to.equal(5);
    });

    it('doesn’t wait for one that has gone', () => {
      const [a, b] = [connection(), connection()];
      for (const at of [0, 15, 30]) ask(a, at * SECOND)!.had(1);
      for (const at of [31, 46, 61, 76]) ask(b, at * SECOND)!.had(4);
      expect(scrapers.pageOfAll(75 * SECOND)).to.equal(1);
      expect(scrapers.pageOfAll(76 * SECOND)).to.equal(4);
    });
  });
});
