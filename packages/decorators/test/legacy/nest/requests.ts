interface Request {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** What the application without decorators answers. */
  readonly status: number;
}

const json = { 'content-type': 'application/json' };
const keeper = { 'x-role': 'keeper' };
const customer = { 'x-role': 'customer' };

/** One after the other: some change what later ones get. */
const REQUESTS: readonly Request[] = [
  { path: '/items?prefix=a', status: 200 },
  { path: '/items/1', status: 200 },
  { path: '/items/2', status: 200 },
  { path: '/items/99', status: 404 },
  { path: '/items/first', status: 400 },
  {
    method: 'POST',
    path: '/items',
    headers: { ...json, 'x-request': 'r1', 'x-caller': 'ann' },
    body: '{"name":"candle"}',
    status: 202,
  },
  { method: 'POST', path: '/items', headers: json, body: '{"name":', status: 400 },
  { method: 'DELETE', path: '/items/1', status: 403 },
  { method: 'DELETE', path: '/items/1', headers: keeper, status: 200 },
  { path: '/items/1', status: 404 },
  { path: '/items/brew', status: 418 },
  { path: '/items/broken', status: 500 },
  { path: '/items/old', status: 301 },
  { path: '/feed/last', status: 200 },
  { path: '/feed/wrapped', status: 200 },
  { path: '/feed/later', status: 200 },
  { path: '/feed/fails', status: 409 },
  { path: '/feed/lines', status: 200 },
  { path: '/feed/events', status: 200 },
  { path: '/basket', status: 403 },
  { path: '/basket', headers: customer, status: 200 },
  { path: '/basket/total', status: 403 },
  { path: '/basket/total', headers: customer, status: 200 },
  { path: '/basket/open', headers: customer, status: 403 },
  { path: '/basket/open', headers: { 'x-role': 'anyone' }, status: 200 },
  { path: '/nowhere', status: 404 },
];

/** What `REQUESTS` come to: how often each handler is reached, and how often it fails. The others end before it. */
export const REACHED = {
  'Items.list': 1,
  'Items.find': 4,
  'Items.add': 1,
  'Items.remove': 1,
  'Items.brew': 1,
  'Items.broken': 1,
  'Items.old': 1,
  'Feed.last': 1,
  'Feed.wrapped': 1,
  'Feed.later': 1,
  'Feed.fails': 1,
  'Feed.lines': 1,
  'Feed.events': 1,
  'Basket.show': 1,
  'Basket.open': 1,
  'Counting.total': 1,
} as const;
export const FAILED = { 'Items.find': 2, 'Items.brew': 1, 'Items.broken': 1, 'Feed.fails': 1 } as const;

const HEADERS = [
  'cache-control',
  'content-length',
  'content-type',
  'etag',
  'location',
  'x-handler',
  'x-moved',
];

export interface Answer {
  readonly request: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string | null>>;
  readonly body: string;
}

/** The statuses that an undecorated application gives. */
export const STATUSES: readonly number[] = REQUESTS.map(({ status }) => status);

/** Sends all requests to an application. */
export async function askAll(url: string): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const { method = 'GET', path, headers = {}, body } of REQUESTS) {
    const response = await fetch(`${url}${path}`, {
      method,
      headers,
      redirect: 'manual',
      ...(body === undefined ? {} : { body }),
    });
    answers.push({
      request: `${method} ${path}`,
      status: response.status,
      headers: Object.fromEntries(HEADERS.map((name) => [name, response.headers.get(name)])),
      body: await response.text(),
    });
  }
  return answers;
}
