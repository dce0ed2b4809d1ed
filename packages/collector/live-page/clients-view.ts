import type { ClientItem } from '../src/live/api.js';
import { arrange, el, setText } from './dom.js';
import { ago, number } from './format.js';
import { completenessText } from './health.js';
import { KnownClients } from './known-clients.js';
import type { Route } from './route.js';
import { SortTable } from './sort-table.js';
import { visible } from './text.js';
import type { Stage, View } from './view.js';

/** Each client that reports itself, and what became of its samples. */
export class ClientsView implements View {
  readonly title = 'Clients';
  readonly root = el('div');
  readonly #stage: Stage;
  readonly #table: SortTable<ClientItem>;
  readonly #heading = el('h1', { textContent: 'Clients' });
  readonly #complete = el('p', { className: 'quiet' });
  readonly #empty = el('p', {
    className: 'empty',
    textContent:
      'No client has reported itself. Clients of this project do so after each flush; those of other libraries can’t.',
  });
  readonly #warnings = el('ul', { className: 'fresh' });
  readonly #warned = el('section', {}, el('h2', { textContent: 'What they have warned of' }), this.#warnings);
  readonly #clients = new KnownClients(() => this.#draw());
  #route: Route | undefined;

  constructor(stage: Stage) {
    this.#stage = stage;
    const count = (
      key: 'recorded' | 'sent' | 'pending' | 'dropped' | 'rejected',
      label: string,
      isBad = false,
    ) => ({
      key,
      label,
      order: (client: ClientItem) => client[key],
      text: (client: ClientItem) => number(client[key]),
      ...(isBad ? { isBad: (client: ClientItem) => client[key] > 0 } : {}),
      isMinor: key === 'recorded' || key === 'sent' || key === 'pending',
    });
    this.#table = new SortTable<ClientItem>(
      'Clients and what became of their samples',
      [
        { key: 'service', label: 'Service', isText: true, order: nameOf, text: nameOf },
        { key: 'pid', label: 'pid', order: ({ pid }) => pid, text: processOf },
        {
          key: 'host',
          label: 'Host',
          isMinor: true,
          order: ({ host }) => host,
          text: ({ host }) => visible(host),
        },
        count('recorded', 'Recorded'),
        count('sent', 'Sent'),
        count('pending', 'Pending'),
        count('dropped', 'Dropped', true),
        count('rejected', 'Rejected', true),
        {
          key: 'last',
          label: 'Heard',
          order: ({ last }) => last,
          text: ({ last }) => `${ago(Date.now() - last)} ago`,
        },
      ],
      ({ id }) => id,
      (sort) => stage.go({ ...this.#route, sort }, true),
    );
  }

  show(route: Route): void {
    this.#route = route;
    this.#draw();
    void this.#clients.ask();
  }

  update(): void {
    this.#draw();
    void this.#clients.ask();
  }

  #draw(): void {
    const clients = this.#clients.list;
    const { status } = this.#stage.model;
    if (status !== undefined)
      setText(this.#complete, `How complete their samples are: ${completenessText(status.completeness)}`);
    if (clients !== undefined) this.#table.show(clients, this.#route?.sort || 'service');
    const texts = (clients ?? []).flatMap((client) =>
      client.warnings.map((warning) => `${nameOf(client)}, pid ${processOf(client)}: ${visible(warning)}`),
    );
    if (texts.join('\n') !== this.#warnings.dataset['shown']) {
      this.#warnings.dataset['shown'] = texts.join('\n');
      this.#warnings.replaceChildren(...texts.map((textContent) => el('li', { textContent })));
    }
    const shown = [
      this.#heading,
      this.#complete,
      clients !== undefined && (clients.length === 0 ? this.#empty : this.#table.root),
      texts.length > 0 && this.#warned,
    ];
    arrange(
      this.root,
      shown.filter((part) => part !== false),
    );
  }
}

function processOf({ pid, thread }: ClientItem): string {
  return thread === 0 ? String(pid) : `${pid}, thread ${thread}`;
}

function nameOf({ service, instance }: ClientItem): string {
  return visible([service || '(no name)', instance].filter(Boolean).join(' · '));
}
