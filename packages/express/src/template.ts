import { routeTemplate } from '@afstatsd/core/http';

type Params = Readonly<Record<string, unknown>>;

/** How far a request has come into nested routers. */
interface Level {
  /** The path so far, as the client wrote it. */
  readonly base: string;
  /** The same as a template. */
  readonly template: string;
  /** The names of the parameters in it. */
  readonly keys: readonly string[];
}

const TOP: Level = { base: '', template: '', keys: [] };

/**
 * The template of the route that a request takes. Express doesn't keep it: at the end, `baseUrl` has the path that the client
 * wrote or, after an error, nothing. So what Express sets on its way is noted: `baseUrl` at each router that is entered and
 * left, and `route`.
 */
export class RouteTemplate {
  /** As Express sets them. */
  baseUrl: string | undefined;
  route: { readonly path?: unknown } | undefined;
  #levels: Level[] = [TOP];
  /** Where the route was found. */
  #found: Level = TOP;

  /**
   * A router is entered, or left again.
   *
   * @param params - those of the layer at which the router is mounted, if it is entered.
   */
  enter(baseUrl: string | undefined, params: Params | undefined, isCaseSensitive: () => boolean): void {
    this.baseUrl = baseUrl;
    const base = baseUrl ?? '';
    let level = this.#level;
    while (level !== TOP && base !== level.base && !base.startsWith(`${level.base}/`)) {
      this.#levels.pop();
      level = this.#level;
    }
    if (base === level.base) return;
    const added = base.slice(level.base.length);
    this.#levels.push({ base, ...below(level, added, params ?? {}, isCaseSensitive) });
  }

  found(route: { readonly path?: unknown } | undefined): void {
    this.route = route;
    this.#found = this.#level;
  }

  /**
   * The template at the end, or undefined if the answer is none of a route's.
   *
   * @param status - a 404 that comes after the route has let go of the request isn't the route's.
   */
  at(status: number): string | undefined {
    if (this.route === undefined) return status === 404 ? undefined : `${this.#level.template}/*`;
    if (status === 404 && (this.baseUrl === undefined || this.baseUrl !== this.#found.base)) return undefined;
    const path = routeTemplate(this.route.path);
    return path === '/' && this.#found.template !== '' ? this.#found.template : this.#found.template + path;
  }

  get #level(): Level {
    return this.#levels.at(-1)!;
  }
}

/**
 * The template of what a router's mount adds to the path. A segment that is the value of a parameter becomes `:name`. Where a
 * parameter is not one whole segment (`/:from-:to`), the names alone are the template: what the client wrote would make a
 * name for each of its spellings.
 */
function below(
  level: Level,
  added: string,
  params: Params,
  isCaseSensitive: () => boolean,
): Omit<Level, 'base'> {
  const keys = Object.keys(params).filter((key) => params[key] !== undefined && !level.keys.includes(key));
  const segments = added.slice(1).split('/');
  const values = segments.map(decoded);
  const names = new Map<number, string>();
  for (const key of keys) {
    const at = values.findIndex((value, i) => !names.has(i) && value === params[key]);
    if (at < 0) {
      const all = keys.map((name) => `:${name}`).join('');
      return { template: `${level.template}/${all}`, keys: [...level.keys, ...keys] };
    }
    names.set(at, `:${key}`);
  }
  const written = segments.map(
    (segment, i) => names.get(i) ?? (isCaseSensitive() ? segment : segment.toLowerCase()),
  );
  return { template: `${level.template}/${written.join('/')}`, keys: [...level.keys, ...keys] };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
