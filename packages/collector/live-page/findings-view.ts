import { arrange, el } from './dom.js';
import { type Found, type Suspect, callOf, findingsOf } from './findings.js';
import { duration, number, rate } from './format.js';
import { KnownClients } from './known-clients.js';
import { type Route, linkTo } from './route.js';
import { type Column, SortTable } from './sort-table.js';
import { tagText, visible } from './text.js';
import type { Stage, View } from './view.js';

const UNKNOWN = 'not known';
/** Of the path of a file. */
const SEGMENTS = 3;

/** What is worth a look in the apps: things that run often in one request, exploding metrics, calls that hold the event loop. */
export class FindingsView implements View {
  readonly title = 'Findings';
  readonly root = el('div', { className: 'findings' });
  readonly #stage: Stage;
  readonly #calls: SortTable<Suspect>;
  readonly #growth: SortTable<Found>;
  readonly #blocked: SortTable<Suspect>;
  readonly #delays: SortTable<Suspect>;
  readonly #heading = el('h1', { textContent: 'Findings' });
  readonly #empty = el('p', {
    className: 'empty',
    textContent:
      'Nothing was found. Looked for are metrics whose tags grow, by all clients; things that run often in one request, where a middleware has the option calls; and calls that hold the event loop, where they are timed with the option blocking.',
  });
  readonly #sections: Readonly<Record<'blocked' | 'calls' | 'delays' | 'growth', HTMLElement>>;
  readonly #clients = new KnownClients(() => this.#draw());

  constructor(stage: Stage) {
    this.#stage = stage;
    const place: Column<{ readonly place: string }> = {
      key: 'place',
      label: 'Code',
      isText: true,
      text: (row) => placeText(row.place),
    };
    const percentile = (
      key: string,
      at: number,
      text: (value: number | null) => string,
    ): Column<Suspect> => ({
      key,
      label: key,
      text: ({ now }) => text(now[at] ?? null),
    });
    const tagOf = (key: string, label: string): Column<Suspect> => ({
      key,
      label,
      isText: true,
      text: ({ item }) => visible(item.tags[key] ?? ''),
    });
    const keyOf = ({ item }: Suspect): string => String(item.id);
    const noSort = (): void => {};
    this.#calls = new SortTable<Suspect>(
      'Things that run often in one request',
      [
        { ...tagOf('what', 'Thing'), href: hrefOf },
        tagOf('route', 'Route'),
        { ...percentile('p50', 1, number), isMinor: true },
        { ...percentile('p95', 2, number), order: ({ now }) => now[2] ?? 0 },
        place,
      ],
      keyOf,
      noSort,
    );
    this.#growth = new SortTable<Found>(
      'Metrics whose tags grow',
      [
        {
          key: 'metric',
          label: 'Metric',
          isText: true,
          text: ({ metric }) => visible(metric),
          href: searchFor,
        },
        { key: 'text', label: 'Why', isText: true, text: ({ text }) => visible(text) },
        { key: 'clients', label: 'Clients', isMinor: true, text: ({ clients }) => String(clients.length) },
        place,
      ],
      ({ metric }) => metric,
      noSort,
    );
    this.#blocked = new SortTable<Suspect>(
      'Calls that hold the event loop',
      [
        { key: 'call', label: 'Call', isText: true, text: ({ item }) => visible(callOf(item)), href: hrefOf },
        {
          key: 'tags',
          label: 'Tags',
          isText: true,
          isMinor: true,
          text: ({ item }) => visible(tagText(item.tags)),
        },
        { ...percentile('Rate', 0, rate), isMinor: true },
        { ...percentile('p50', 1, duration), isMinor: true },
        { ...percentile('p95', 2, duration), order: ({ now }) => now[2] ?? 0 },
        place,
      ],
      keyOf,
      noSort,
    );
    this.#delays = new SortTable<Suspect>(
      'Event loops that are late',
      [
        {
          key: 'process',
          label: 'Process',
          isText: true,
          text: ({ item }) => visible(tagText(item.tags)),
          href: hrefOf,
        },
        {
          key: 'delay',
          label: 'Delay, p99',
          order: ({ now }) => now[0] ?? 0,
          text: ({ now }) => duration((now[0] ?? 0) * 1_000),
        },
      ],
      keyOf,
      noSort,
    );
    const section = (title: string, table: { readonly root: HTMLElement }): HTMLElement =>
      el('section', {}, el('h2', { textContent: title }), table.root);
    this.#sections = {
      calls: section('Run often in one request', this.#calls),
      growth: section('Metrics that explode', this.#growth),
      blocked: section('Calls that hold the event loop', this.#blocked),
      delays: section('Event loops that are late', this.#delays),
    };
  }

  show(_route: Route): void {
    this.update();
  }

  update(): void {
    this.#draw();
    void this.#clients.ask();
  }

  #draw(): void {
    const { calls, growth, blocked, delays } = findingsOf(this.#stage.model, this.#clients.list ?? []);
    this.#calls.show(calls, '-p95');
    this.#growth.show(growth, 'metric');
    this.#blocked.show(blocked, '-p95');
    this.#delays.show(delays, '-delay');
    const { calls: often, growth: exploding, blocked: holding, delays: late } = this.#sections;
    const shown = [
      calls.length > 0 && often,
      growth.length > 0 && exploding,
      blocked.length > 0 && holding,
      delays.length > 0 && late,
    ].filter((part) => part !== false);
    arrange(this.root, [this.#heading, ...(shown.length === 0 ? [this.#empty] : shown)]);
  }
}

/** The end of a place's path, which a small screen has room for. */
function placeText(place: string): string {
  return visible(place.split(/[\\/]/).slice(-SEGMENTS).join('/')) || UNKNOWN;
}

function hrefOf({ item: { name, kind, tags } }: Suspect): string {
  return linkTo({ page: 'metric', name, kind, tags: Object.entries(tags) });
}

function searchFor({ metric }: Found): string {
  return linkTo({ page: 'metrics', search: metric });
}
