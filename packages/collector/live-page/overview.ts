import { el, arrange, setText } from './dom.js';
import { clock, duration, number, percent, rate } from './format.js';
import { Health } from './health.js';
import { type Requests, requestsOf } from './http.js';
import type { Metric } from './model.js';
import { type Route, linkTo } from './route.js';
import { SortTable } from './sort-table.js';
import { Sparkline } from './sparkline.js';
import { tagText, visible } from './text.js';
import type { Stage, View } from './view.js';

/** Rows of the smaller tables; what comes first says most. */
const MOST_ROWS = 10;
const OWN = /(?:^|\.)afstatsd\./;
const PAGE_VIEWS = /(?:^|\.)pageviews$/;

interface Counted {
  readonly key: string;
  readonly label: string;
  readonly href: string;
  rate: number;
  readonly ids: number[];
}

/** The first screen: HTTP, page views, counters, what is new, and the collector's own health. */
export class Overview implements View {
  readonly title = 'Overview';
  readonly root = el('div', { className: 'overview' });
  readonly #stage: Stage;
  readonly #cards = ['Requests', 'Errors (5xx)', 'p50', 'p95', 'p99'].map((label) => new Card(label));
  readonly #routes: SortTable<Requests>;
  readonly #views: SortTable<Counted>;
  readonly #counters: SortTable<Counted>;
  readonly #fresh = el('ul', { className: 'fresh' });
  readonly #health = new Health();
  readonly #sections: Readonly<Record<'http' | 'views' | 'counters' | 'fresh' | 'health', HTMLElement>>;
  readonly #empty = el('p', {
    className: 'empty',
    textContent: 'No metrics yet. They appear here within two seconds after an app has recorded them.',
  });
  readonly #title = el('h1', { className: 'unseen', textContent: 'Overview' });
  #route: Route | undefined;

  constructor(stage: Stage) {
    this.#stage = stage;
    const onSort = (sort: string): void => stage.go({ ...this.#route, sort }, true);
    const spark = ({ ids }: { readonly ids: readonly number[] }): ReturnType<Stage['sparks']['sumOf']> =>
      stage.sparks.sumOf(ids);
    this.#routes = new SortTable<Requests>(
      'Requests by route',
      [
        {
          key: 'route',
          label: 'Route',
          isText: true,
          order: ({ route }) => route ?? '',
          text: ({ name, route }) =>
            name === 'http.request' ? visible(route!) : `${visible(route!)} (${visible(name)})`,
          href: ({ name, route }) =>
            linkTo({ page: 'metric', name, kind: 'timer', tags: [['route', route!]] }),
        },
        { key: 'rate', label: 'Rate', order: (row) => row.rate, text: (row) => rate(row.rate) },
        {
          key: 'errors',
          label: 'Errors',
          order: ({ errors }) => errors ?? -1,
          text: ({ errors }) => percent(errors),
          isBad: ({ errors }) => (errors ?? 0) > 0,
        },
        {
          key: 'p50',
          label: 'p50',
          isMinor: true,
          order: ({ p50 }) => p50 ?? NaN,
          text: ({ p50 }) => duration(p50),
        },
        { key: 'p95', label: 'p95', order: ({ p95 }) => p95 ?? NaN, text: ({ p95 }) => duration(p95) },
        {
          key: 'p99',
          label: 'p99',
          isMinor: true,
          order: ({ p99 }) => p99 ?? NaN,
          text: ({ p99 }) => duration(p99),
        },
        { key: 'spark', label: '10 min', isMinor: true, spark },
      ],
      ({ name, route }) => JSON.stringify([name, route]),
      onSort,
    );
    const counted = (caption: string, label: string): SortTable<Counted> =>
      new SortTable<Counted>(
        caption,
        [
          { key: 'name', label, isText: true, text: (row) => row.label, href: ({ href }) => href },
          { key: 'rate', label: 'Rate', text: (row) => rate(row.rate) },
          { key: 'spark', label: '10 min', spark },
        ],
        ({ key }) => key,
        () => {},
      );
    this.#views = counted('Page views by route', 'Route');
    this.#counters = counted('Counters by rate', 'Counter');
    this.#sections = {
      http: section(
        'HTTP requests',
        el('div', { className: 'cards' }, ...this.#cards.map(({ root }) => root)),
        this.#routes.root,
      ),
      views: section('Page views', this.#views.root),
      counters: section('Counters', this.#counters.root),
      fresh: section('New since you opened this page', this.#fresh),
      health: section('The collector', this.#health.root),
    };
  }

  show(route: Route): void {
    this.#route = route;
    this.update();
  }

  update(): void {
    const { model } = this.#stage;
    const requests = requestsOf(model);
    const [views, counters] = countersOf(model.metrics.values());
    this.#showRequests(requests);
    this.#views.show(views, '');
    this.#counters.show(counters, '');
    this.#showFresh();
    if (model.status !== undefined) this.#health.show(model.status);
    const { http, fresh, health, ...rest } = this.#sections;
    const shown = [
      this.#title,
      requests.length > 0 && http,
      views.length > 0 && rest.views,
      counters.length > 0 && rest.counters,
      model.steps !== undefined && requests.length + views.length + counters.length === 0 && this.#empty,
      model.fresh.length > 0 && fresh,
      health,
    ];
    arrange(
      this.root,
      shown.filter((one) => one !== false),
    );
  }

  #showRequests(requests: readonly Requests[]): void {
    const { sparks } = this.#stage;
    const [all] = requests.filter(({ route }) => route === undefined).sort((a, b) => b.rate - a.rate);
    this.#routes.show(
      requests.filter(({ route }) => route !== undefined),
      this.#route?.sort || '-rate',
    );
    if (all === undefined) return;
    const [rates, errors, p50, p95, p99] = this.#cards;
    const link = linkTo({ page: 'metric', name: all.name, kind: 'timer' });
    rates!.show(rate(all.rate), link, sparks.sumOf(all.ids));
    errors!.show(
      percent(all.errors),
      linkTo({ page: 'metric', name: all.name, kind: 'timer', by: 'status' }),
      undefined,
      (all.errors ?? 0) > 0,
    );
    p50!.show(duration(all.p50), link);
    p95!.show(duration(all.p95), link);
    p99!.show(duration(all.p99), link);
  }

  #showFresh(): void {
    const { fresh } = this.#stage.model;
    const items = fresh.slice(0, MOST_ROWS).map(({ name, kind, tags, first }) => {
      const text = [visible(name), tagText(tags)].filter(Boolean).join(' · ');
      const link = el('a', {
        textContent: text,
        href: linkTo({ page: 'metric', name, kind, tags: Object.entries(tags) }),
      });
      return el('li', {}, link, el('span', { className: 'quiet', textContent: ` ${kind}, ${clock(first)}` }));
    });
    if (fresh.length > MOST_ROWS)
      items.push(
        el('li', { className: 'quiet', textContent: `… and ${number(fresh.length - MOST_ROWS)} more` }),
      );
    // Nothing is made again while nothing has come, so that a focused link stays.
    if (this.#fresh.dataset['latest'] === `${fresh[0]?.id} ${fresh.length}`) return;
    this.#fresh.dataset['latest'] = `${fresh[0]?.id} ${fresh.length}`;
    this.#fresh.replaceChildren(...items);
  }
}

/** A large number with its name. */
class Card {
  readonly root: HTMLElement;
  readonly #value = el('a', { className: 'value' });
  readonly #spark = new Sparkline();

  constructor(label: string) {
    this.root = el(
      'div',
      { className: 'card' },
      el('span', { className: 'label', textContent: label }),
      this.#value,
    );
  }

  show(text: string, href: string, points?: Parameters<Sparkline['show']>[0], isBad = false): void {
    setText(this.#value, text);
    if (this.#value.getAttribute('href') !== href) this.#value.href = href;
    this.root.classList.toggle('bad', isBad);
    if (points === undefined) return;
    if (!this.#spark.root.isConnected) this.root.append(this.#spark.root);
    this.#spark.show(points);
  }
}

function section(title: string, ...parts: readonly Element[]): HTMLElement {
  return el('section', {}, el('h2', { textContent: title }), ...parts);
}

/** Page views by route, and all other counters of the apps by name, the busiest first. */
function countersOf(metrics: Iterable<Metric>): [views: Counted[], counters: Counted[]] {
  const [views, counters] = [new Map<string, Counted>(), new Map<string, Counted>()];
  for (const { item, now } of metrics) {
    const { kind, name, tags, id } = item;
    if (kind !== 'counter' || OWN.test(name)) continue;
    const isView = PAGE_VIEWS.test(name);
    const route = tags['route'] ?? name;
    const [map, key] = isView ? [views, JSON.stringify([name, route])] : [counters, name];
    let counted = map.get(key);
    if (counted === undefined) {
      const own = isView && tags['route'] !== undefined ? { tags: [['route', route]] as const } : {};
      const href = linkTo({ page: 'metric', name, kind, ...own });
      map.set(key, (counted = { key, label: visible(isView ? route : name), href, rate: 0, ids: [] }));
    }
    counted.rate += now[0] ?? 0;
    counted.ids.push(id);
  }
  const busiest = (map: ReadonlyMap<string, Counted>): Counted[] =>
    [...map.values()].sort((a, b) => b.rate - a.rate || (a.key < b.key ? -1 : 1)).slice(0, MOST_ROWS);
  return [busiest(views), busiest(counters)];
}
