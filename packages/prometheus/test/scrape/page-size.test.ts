import { expect } from 'chai';
import { PageSize } from '../../src/scrape/page-size.js';

describe('the length of pages', () => {
  const MIB = 1024 * 1024;
  const warnings: string[] = [];
  let size: PageSize;
  beforeEach(() => {
    warnings.length = 0;
    size = new PageSize((text) => warnings.push(text));
  });

  it('is said once for each change: near the limit, past it, and near it again', () => {
    const lengths = [1, 14, 15, 15.9, 16.5, 17, 15, 10, 15].map((mib) => Math.round(mib * MIB));
    for (const bytes of lengths) size.made(bytes, bytes);
    expect(warnings).to.deep.equal([
      'the page has 15,728,640 bytes; from 16,777,216 on VictoriaMetrics refuses it, unless its -promscrape.maxScrapeSize is raised',
      'the page has 17,301,504 bytes, and is sent without gzip; VictoriaMetrics refuses it, unless its -promscrape.maxScrapeSize is raised',
      'the page has 15,728,640 bytes; from 16,777,216 on VictoriaMetrics refuses it, unless its -promscrape.maxScrapeSize is raised',
      'the page has 15,728,640 bytes; from 16,777,216 on VictoriaMetrics refuses it, unless its -promscrape.maxScrapeSize is raised',
    ]);
  });

  it('is foreseen by the last page', () => {
    expect(size.isPast(13 * MIB)).to.equal(false);
    expect(size.isPast(15 * MIB), 'rather too early').to.equal(true);
    size.made(10 * MIB, 10 * MIB);
    expect(size.isPast(15.9 * MIB)).to.equal(false);
    expect(size.isPast(16.1 * MIB)).to.equal(true);
    size.made(12 * MIB, 10 * MIB);
    expect(size.isPast(13.4 * MIB)).to.equal(true);
  });
});
