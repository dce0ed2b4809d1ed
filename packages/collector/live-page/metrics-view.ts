import { Keyed, arrange, el, setText } from './dom.js';
import { field } from './field.js';
import { mainColumn, number, valueText } from './format.js';
import { sumNow } from './model.js';
import { type Route, linkTo } from './route.js';
import { type Row, rowsOf } from './rows.js';
import { Sparkline } from './sparkline.js';
import { visible } from './text.js';
import type { Stage, View } from './view.js';

/** As in the style sheet. */
const ROW_PX = 40;
/** Rows beside those in sight, so that scrolling finds them there. */
const SPARE_ROWS = 6;
/** Sparklines of so many series are added up for a group. */
const MOST_SPARKS = 20;

interface Line {
  readonly root: HTMLElement;
  readonly show: (row: Row, at: number, of: number) => void;
}

/** Every metric: searchable, grouped by name or by a tag. Only the rows in sight are in the document. */
export class MetricsView implements View {
  readonly title = 'Metrics';
  readonly root = el('div', { className: 'metrics' });
  readonly #stage: Stage;
  readonly #search = el('input', {
    type: 'search',
    id: 'search',
    placeholder: 'name, tag or kind',
    autocomplete: 'off',
    spellcheck: false,
  });
  readonly #group = el('select', { id: 'group' });
  readonly #count = el('span', { className: 'quiet', role: 'status' });
  readonly #list = el('div', { className: 'rows', role: 'list', aria: { 'aria-label': 'Metrics' } });
  readonly #space = el('div', { className: 'space', aria: { 'aria-hidden': 'true' } });
  readonly #scroller = el('div', { className: 'scroller', tabIndex: 0 }, this.#space, this.#list);
  readonly #opened = new Set<string>();
  readonly #closed = new Set<string>();
  readonly #lines = new Keyed<Line>(() => this.#newLine());
  #rows: readonly Row[] = [];
  #route: Route | undefined;
  #shape = -1;
  #frame = 0;

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#scroller.setAttribute('role', 'group');
    this.#scroller.setAttribute('aria-label', 'List of metrics: arrow keys move, Enter opens');
    this.root.append(
      el('h1', { className: 'unseen', textContent: 'Metrics' }),
      el(
        'div',
        { className: 'controls' },
        field('Search', this.#search),
        field('Group by', this.#group),
        this.#count,
      ),
      this.#scroller,
    );
    this.#search.addEventListener('input', () =>
      stage.go({ ...this.#route, search: this.#search.value }, true),
    );
    this.#group.addEventListener('change', () =>
      stage.go({ ...this.#route, group: this.#group.value }, true),
    );
    this.#scroller.addEventListener('scroll', () => this.#soon());
    this.#scroller.addEventListener('keydown', (event) => this.#onKey(event));
    window.addEventListener('resize', this.#soon);
  }

  show(route: Route): void {
    const isOther = this.#route?.search !== route.search || this.#route.group !== route.group;
    this.#route = route;
    if (this.#search.value !== route.search) this.#search.value = route.search;
    if (isOther) {
      this.#shape = -1;
      this.#scroller.scrollTop = 0;
    }
    this.update();
  }

  update(): void {
    const { model } = this.#stage;
    if (this.#shape !== model.shape) {
      this.#shape = model.shape;
      this.#showGroups();
      this.#arrangeRows();
    }
    this.#draw();
  }

  close(): void {
    window.removeEventListener('resize', this.#soon);
    cancelAnimationFrame(this.#frame);
  }

  #arrangeRows(): void {
    const { search = '', group = '' } = this.#route ?? {};
    const { model } = this.#stage;
    this.#rows = rowsOf(model.metrics.values(), {
      search,
      group,
      opened: this.#opened,
      closed: this.#closed,
    });
    let series = 0;
    for (const { series: own, type, isInner } of this.#rows)
      if (type === 'group' || !isInner) series += own.length;
    setText(this.#count, `${number(series)} series`);
    this.#space.style.height = `${this.#rows.length * ROW_PX}px`;
  }

  #showGroups(): void {
    const keys = new Set<string>();
    for (const { item } of this.#stage.model.metrics.values())
      for (const key of Object.keys(item.tags)) keys.add(key);
    const { group = '' } = this.#route ?? {};
    if (group !== '') keys.add(group);
    const wanted = ['', ...[...keys].sort()];
    const have = [...this.#group.options].map(({ value }) => value);
    if (wanted.join('\0') !== have.join('\0')) {
      this.#group.replaceChildren(
        ...wanted.map((value) =>
          el('option', { value, textContent: value === '' ? 'name' : `tag ${visible(value)}` }),
        ),
      );
    }
    this.#group.value = group;
  }

  readonly #soon = (): void => {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#draw());
  };

  #draw(): void {
    const { scrollTop, clientHeight } = this.#scroller;
    const first = Math.max(0, Math.floor(scrollTop / ROW_PX) - SPARE_ROWS);
    const end = Math.min(this.#rows.length, Math.ceil((scrollTop + clientHeight) / ROW_PX) + SPARE_ROWS);
    const shown = this.#rows.slice(first, end);
    const lines = this.#lines.of(shown.map(({ key }) => key));
    for (const [at, line] of lines.entries()) line.show(shown[at]!, first + at, this.#rows.length);
    arrange(
      this.#list,
      lines.map(({ root }) => root),
    );
    this.#list.style.transform = `translateY(${first * ROW_PX}px)`;
  }

  #newLine(): Line {
    const name = el('span', { className: 'name' });
    const kind = el('span', { className: 'kind' });
    const value = el('span', { className: 'now' });
    const spark = new Sparkline();
    const link = el('a', { className: 'row' }, name, kind, value, spark.root);
    const toggle = el('button', { type: 'button', className: 'toggle' });
    const root = el('div', { role: 'listitem' }, toggle, link);
    let current: Row | undefined;
    const onToggle = (): void => {
      if (current?.type === 'group') this.#toggle(current);
    };
    toggle.addEventListener('click', onToggle);
    name.addEventListener('click', () => link.hasAttribute('href') || onToggle());
    const show = (row: Row, at: number, of: number): void => {
      current = row;
      root.setAttribute('aria-posinset', String(at + 1));
      root.setAttribute('aria-setsize', String(of));
      root.dataset['at'] = String(at);
      root.className = row.isInner ? 'inner' : '';
      const label = visible(row.label);
      setText(name, label);
      name.title = label;
      setText(
        kind,
        row.type === 'group' ? `${row.kind ?? ''} ${number(row.series.length)}×` : (row.kind ?? ''),
      );
      const [text, points] = this.#valueOf(row);
      setText(value, text);
      spark.show(points);
      toggle.hidden = row.type !== 'group';
      if (row.type === 'group') {
        toggle.setAttribute('aria-expanded', String(row.isOpen));
        toggle.setAttribute('aria-label', `Series of ${label}`);
      }
      const href = this.#hrefOf(row);
      if (href === undefined) link.removeAttribute('href');
      else if (link.getAttribute('href') !== href) link.href = href;
    };
    return { root, show };
  }

  /** The text and the sparkline of a row. A group by a tag has several kinds, so it has neither. */
  #valueOf({ kind, series, total }: Row): [string, ReturnType<Stage['sparks']['of']>] {
    if (kind === undefined) return ['', []];
    const column = mainColumn(kind);
    const at = column === 'p95' ? 2 : 0;
    const one = total ?? (series.length === 1 ? series[0]! : undefined);
    const value =
      one === undefined
        ? kind === 'counter' || kind === 'gauge'
          ? sumNow(series)
          : null
        : (one.now[at] ?? null);
    const text = valueText(column, series[0]!.item.unit, value);
    const shown = column === 'p95' && value !== null ? `p95 ${text}` : text;
    const ids = (one === undefined ? series : [one]).map(({ item }) => item.id);
    return [shown, ids.length > MOST_SPARKS ? [] : this.#stage.sparks.sumOf(ids)];
  }

  #hrefOf({ type, kind, series: [first] }: Row): string | undefined {
    const { name, tags } = first!.item;
    if (type === 'series') return linkTo({ page: 'metric', name, kind, tags: Object.entries(tags) });
    return kind === undefined ? undefined : linkTo({ page: 'metric', name, kind });
  }

  #toggle({ key, isOpen }: Row): void {
    const [from, to] = isOpen ? [this.#opened, this.#closed] : [this.#closed, this.#opened];
    from.delete(key);
    to.add(key);
    this.#arrangeRows();
    this.#draw();
  }

  #onKey(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 }[event.key];
    if (step === undefined || this.#rows.length === 0) return;
    const item = (event.target as Element).closest<HTMLElement>('[role=listitem]');
    const from = item === null ? (step > 0 ? -1 : this.#rows.length) : Number(item.dataset['at']);
    const to = Math.max(0, Math.min(this.#rows.length - 1, from + step));
    event.preventDefault();
    const { scrollTop, clientHeight } = this.#scroller;
    if (to * ROW_PX < scrollTop) this.#scroller.scrollTop = to * ROW_PX;
    else if ((to + 1) * ROW_PX > scrollTop + clientHeight)
      this.#scroller.scrollTop = (to + 1) * ROW_PX - clientHeight;
    this.#draw();
    const row = this.#list.querySelector(`[data-at="${to}"]`);
    row?.querySelector<HTMLElement>('a[href], button:not([hidden])')?.focus({ preventScroll: true });
  }
}
