import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineMetrics } from '@afstatsd/core/catalogue';
import { useDirectories, usePrograms } from '@afstatsd/testing';
import { expect } from 'chai';
import { catalogueDashboard, catalogueMarkdown } from '../../src/catalogue/index.js';

const catalogue = defineMetrics({
  'orders.placed': {
    kind: 'counter',
    help: 'Orders that were placed | <b>paid</b>.',
    tags: {
      method: { values: ['card', 'cash|cheque'], help: 'How it was paid.' },
      'customer.region': 'string',
      voucher: { values: 'boolean', optional: true },
    },
  },
  'orders.checkout': { kind: 'timer', help: 'How long a checkout takes.', tags: { provider: ['acme'] } },
  'basket.bytes': { kind: 'histogram', help: 'Baskets.', unit: 'bytes' },
  'basket.weight': { kind: 'distribution', help: 'Weights.', unit: 'kilograms' },
  stock: { kind: 'gauge', help: 'What is left.', unit: 'items' },
  visitors: { kind: 'set', help: 'Who was there.' },
});

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly fieldConfig?: { readonly defaults: { readonly unit: string } };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}

const panelsOf = (...args: Parameters<typeof catalogueDashboard>): readonly Panel[] =>
  catalogueDashboard(...args)['panels'] as readonly Panel[];

describe('a page about a catalogue', () => {
  it('has each metric with its kind, unit, name in Prometheus and tags', () => {
    expect(catalogueMarkdown(catalogue, { title: 'Metrics of the shop', prefix: 'shop' })).to.equal(
      String.raw`# Metrics of the shop

| metric | kind | unit | in Prometheus | |
| --- | --- | --- | --- | --- |
| ¬shop.orders.placed¬ | counter |  | ¬shop_orders_placed_total¬ | Orders that were placed \| \<b\>paid\</b\>. |
| ¬shop.orders.checkout¬ | timer | seconds | ¬shop_orders_checkout_seconds¬ | How long a checkout takes. |
| ¬shop.basket.bytes¬ | histogram | bytes | ¬shop_basket_bytes¬ | Baskets. |
| ¬shop.basket.weight¬ | distribution | kilograms | ¬shop_basket_weight_kilograms¬ | Weights. |
| ¬shop.stock¬ | gauge | items | ¬shop_stock_items¬ | What is left. |
| ¬shop.visitors¬ | set |  | ¬shop_visitors¬ | Who was there. |

## ¬shop.orders.placed¬

Orders that were placed | \<b\>paid\</b\>.

| tag | values | |
| --- | --- | --- |
| ¬method¬ | ¬card¬, ¬cash\|cheque¬ | How it was paid. |
| ¬customer.region¬ | any string |  |
| ¬voucher¬ | any boolean, or none |  |

## ¬shop.orders.checkout¬

How long a checkout takes.

| tag | values | |
| --- | --- | --- |
| ¬provider¬ | ¬acme¬ |  |
`.replaceAll('¬', '`'),
    );
  });
});

describe('a dashboard of a catalogue', () => {
  it('has panels for each metric, in rows by their first segment', () => {
    const panels = panelsOf(catalogue);
    expect(panels.map(({ type, title }) => (type === 'row' ? `# ${title}` : title))).to.deep.equal([
      '# orders',
      'orders.placed',
      'orders.checkout',
      'orders.checkout: how often',
      '# basket',
      'basket.bytes',
      'basket.bytes: how often',
      'basket.weight',
      'basket.weight: how often',
      '# stock',
      'stock',
      '# visitors',
      'visitors',
    ]);
    expect(new Set(panels.map(({ id }) => id)).size).to.equal(panels.length);
  });

  it('has no two panels in one place', () => {
    const taken = new Set<string>();
    for (const { gridPos, title } of panelsOf(catalogue)) {
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(taken.has(`${x} ${y}`), title).to.equal(false);
          taken.add(`${x} ${y}`);
        }
      }
    }
  });

  it('splits by tags whose values are listed, and has units', () => {
    const all = new Map(panelsOf(catalogue).map((panel) => [panel.title, panel]));
    const of = (title: string): [unit: string | undefined, expr: string | undefined] => [
      all.get(title)?.fieldConfig?.defaults.unit,
      all.get(title)?.targets?.[0]?.expr,
    ];
    const chosen = '{service=~"$service"}';
    expect(of('orders.placed')).to.deep.equal([
      'cps',
      `sum by (method, voucher) (rate(orders_placed_total${chosen}[$__rate_interval]))`,
    ]);
    expect(of('orders.checkout')).to.deep.equal([
      's',
      `histogram_quantile(0.5, sum by (le) (rate(orders_checkout_seconds_bucket${chosen}[$__rate_interval])))`,
    ]);
    expect(of('basket.bytes')[0]).to.equal('bytes');
    expect(of('basket.weight')[0]).to.equal('suffix: kilograms');
    expect(of('stock')).to.deep.equal(['suffix: items', `stock_items${chosen}`]);
    expect(of('visitors')).to.deep.equal(['short', `visitors${chosen}`]);
  });

  it('has no rows where there is one group only, whatever the prefix', () => {
    const one = defineMetrics({ 'a.b': { kind: 'set', help: 'A.' }, 'a.c': { kind: 'set', help: 'B.' } });
    expect(panelsOf(one, { prefix: 'shop' }).map(({ title }) => title)).to.deep.equal([
      'shop.a.b',
      'shop.a.c',
    ]);
  });

  it('is known by a short name of its own', () => {
    expect(catalogueDashboard(catalogue)['uid']).to.equal('afstatsd-metrics');
    expect(
      catalogueDashboard(catalogue, { title: `Shop: ${'é'.repeat(9)} x ${'y'.repeat(50)}` })['uid'],
    ).to.match(/^afstatsd-shop-x-y+$/);
    expect(catalogueDashboard(catalogue, { title: 'a'.repeat(90) })['uid']).to.have.length(40);
    expect(catalogueDashboard(catalogue, { uid: 'mine' })['uid']).to.equal('mine');
  });
});

describe('the command afstatsd-catalogue', () => {
  const programs = usePrograms();
  const newDirectory = useDirectories();
  const main = require.resolve('../../src/catalogue/main.js');
  const core = require.resolve('@afstatsd/core/catalogue');
  const run = async (...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> => {
    const program = programs.node([main, ...args]);
    const { code } = await program.ended();
    return { code, stdout: program.stdout, stderr: program.stderr };
  };
  const define = (name: string, help: string): string =>
    `defineMetrics({ ${JSON.stringify(name)}: { kind: 'counter', help: ${JSON.stringify(help)} } })`;

  for (const [kind, header, exporting] of [
    ['cjs', `const { defineMetrics } = require(${JSON.stringify(core)});`, 'exports.catalogue ='],
    ['mjs', `import { defineMetrics } from ${JSON.stringify(core)};`, 'export const catalogue ='],
  ] as const) {
    it(`writes the files, and checks them (${kind})`, async () => {
      const folder = newDirectory();
      const module = join(folder, `metrics.${kind}`);
      const files = ['markdown', 'dashboard', 'rules'].flatMap((what) => [`--${what}`, join(folder, what)]);
      writeFileSync(module, `${header}\n${exporting} ${define('orders', 'Orders.')};`);
      expect((await run(module, ...files, '--check')).code, 'nothing there').to.equal(1);
      expect(await run(module, ...files, '--title', 'Shop', '--prefix', 'shop')).to.include({
        code: 0,
        stderr: '',
      });
      const contentOf = (name: string): string => readFileSync(join(folder, name), 'utf8');
      expect(contentOf('markdown')).to.contain('# Shop').and.to.contain('| `shop.orders` | counter |');
      expect(JSON.parse(contentOf('dashboard'))).to.include({ title: 'Shop', uid: 'afstatsd-shop' });
      expect(JSON.parse(contentOf('rules'))).to.deep.equal({
        rules: [{ match: 'shop.orders', help: 'Orders.' }],
      });

      const check = [module, ...files, '--title', 'Shop', '--prefix', 'shop', '--check'];
      expect((await run(...check)).code, 'up to date').to.equal(0);
      writeFileSync(module, `${header}\n${exporting} ${define('orders', 'All orders.')};`);
      const stale = await run(...check);
      expect(stale.code, 'stale').to.equal(1);
      expect(stale.stderr).to.contain(`${join(folder, 'markdown')} isn't up to date with ${module}`);
    });
  }

  it('says what is wrong with a call', async () => {
    const folder = newDirectory();
    const module = join(folder, 'metrics.cjs');
    const out = join(folder, 'out');
    const header = `const { defineMetrics } = require(${JSON.stringify(core)});`;
    writeFileSync(module, `${header} exports.a = ${define('a', 'A.')}; exports.b = ${define('b', 'B.')};`);
    const cases: [args: string[], text: string][] = [
      [[], 'one module is expected; --help shows how'],
      [[module], 'nothing to make: give --markdown, --dashboard or --rules'],
      [[module, '--rules', out], 'exports several catalogues: choose one with --export'],
      [[module, '--rules', out, '--export', 'c'], 'exports no catalogue called c'],
      [[module, '--what'], "Unknown option '--what'"],
      [[join(folder, 'none.cjs'), '--rules', out], 'Cannot find module'],
    ];
    for (const [args, text] of cases) {
      const { code, stderr } = await run(...args);
      expect(code, text).to.equal(2);
      expect(stderr).to.match(/^afstatsd-catalogue: /);
      expect(stderr).to.contain(text);
    }
    expect((await run(module, '--rules', out, '--export', 'b')).code).to.equal(0);
    expect(readFileSync(out, 'utf8')).to.contain('"B."');
    const { code, stdout } = await run('--help');
    expect(code).to.equal(0);
    expect(stdout).to.contain('afstatsd-catalogue MODULE');
  });
});
