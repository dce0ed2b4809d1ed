import type { LiveKind } from '../src/live/api.js';

/** What is looked at. The address of the page holds all of it, so that a link or a reload shows the same again. */
export interface Route {
  readonly page: 'overview' | 'metrics' | 'metric' | 'clients' | 'findings';
  /** Of `metrics`: the words that are searched for, and the tag by which it is grouped; empty for names. */
  readonly search: string;
  readonly group: string;
  /** Of `overview` and `clients`: the column by which the table is sorted, with a minus for falling. */
  readonly sort: string;
  /** Of `metric`. */
  readonly name: string;
  readonly kind: LiveKind | undefined;
  readonly tags: readonly (readonly [key: string, value: string])[];
  readonly by: string;
  /** Minutes that are shown. */
  readonly minutes: 10 | 20;
  readonly compare: boolean;
  /** The percentile that is shown when a timer is split. */
  readonly column: string;
}

const NOTHING: Route = {
  page: 'overview',
  search: '',
  group: '',
  sort: '',
  name: '',
  kind: undefined,
  tags: [],
  by: '',
  minutes: 10,
  compare: false,
  column: 'p95',
};

const KINDS = ['counter', 'gauge', 'timer', 'histogram', 'set'] as const;
const PAGES = ['metrics', 'metric', 'clients', 'findings'] as const;

export function readRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split(/\?(.*)/s);
  const given = new URLSearchParams(query);
  const text = (name: string): string => given.get(name) ?? '';
  return {
    page: PAGES.find((page) => page === path) ?? 'overview',
    search: text('search'),
    group: text('group'),
    sort: text('sort'),
    name: text('name'),
    kind: KINDS.find((kind) => kind === text('kind')),
    tags: given.getAll('tag').map((tag) => {
      const at = tag.indexOf(':');
      return at < 0 ? ([tag, ''] as const) : ([tag.slice(0, at), tag.slice(at + 1)] as const);
    }),
    by: text('by'),
    minutes: text('minutes') === '20' ? 20 : 10,
    compare: text('compare') === '1',
    column: text('column') || NOTHING.column,
  };
}

/** The address of a view; everything that isn't given is as usual. */
export function linkTo(given: Partial<Route>): string {
  const { page, search, group, sort, name, kind, tags, by, minutes, compare, column } = {
    ...NOTHING,
    ...given,
  };
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries({ search, group, sort, name, kind: kind ?? '', by }))
    if (value !== '') query.set(key, value);
  for (const [key, value] of tags) query.append('tag', `${key}:${value}`);
  if (minutes !== NOTHING.minutes) query.set('minutes', String(minutes));
  if (compare) query.set('compare', '1');
  if (column !== NOTHING.column) query.set('column', column);
  const text = query.toString();
  return `#/${page === 'overview' ? '' : page}${text === '' ? '' : `?${text}`}`;
}
