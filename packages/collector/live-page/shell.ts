import type { ConnectionState } from './connection.js';
import { el, setText } from './dom.js';
import { clock } from './format.js';
import { type Route, linkTo } from './route.js';

type ShownState = ConnectionState | 'paused';

const STATES: Readonly<Record<ShownState, string>> = {
  connecting: 'Connecting',
  live: 'Live',
  lost: 'No connection',
  hidden: 'Asleep',
  paused: 'Paused',
};

const PLACES = [
  ['overview', 'Overview'],
  ['metrics', 'Metrics'],
  ['clients', 'Clients'],
  ['findings', 'Findings'],
] as const;

/** What stands around each view: the header with the way to the others, and notices. */
export class Shell {
  readonly #main = byId('main');
  readonly #notices = byId('notices');
  readonly #state = el('span', { className: 'state', role: 'status' });
  readonly #pause: HTMLButtonElement;
  readonly #links = PLACES.map(([page, text]) => el('a', { href: linkTo({ page }), textContent: text }));
  readonly #lost = el('p', { className: 'notice bad' });

  constructor(onPause: () => void) {
    this.#pause = el('button', { type: 'button', textContent: 'Pause', onclick: onPause });
    this.#pause.setAttribute('aria-pressed', 'false');
    byId('header').append(
      el('a', { className: 'home', href: linkTo({}), textContent: 'afstatsd collector' }),
      el('nav', { aria: { 'aria-label': 'Views' } }, ...this.#links),
      this.#state,
      this.#pause,
    );
    this.showState('connecting');
  }

  /** @param takesFocus - whether somebody has gone there, so that a screen reader goes along. */
  show(view: HTMLElement, takesFocus: boolean): void {
    this.#main.replaceChildren(view);
    if (takesFocus) this.#main.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }

  showPlace({ page }: Route, title: string): void {
    document.title = `${title} – afstatsd collector`;
    for (const [at, link] of this.#links.entries()) {
      const place = PLACES[at]![0];
      const isHere = place === page || (page === 'metric' && place === 'metrics');
      if (isHere) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
  }

  showState(state: ShownState): void {
    setText(this.#state, STATES[state]);
    this.#state.className = `state ${state}`;
    const isPaused = state === 'paused';
    this.#pause.setAttribute('aria-pressed', String(isPaused));
    if (state !== 'lost') this.#lost.remove();
    else if (!this.#lost.isConnected) {
      setText(
        this.#lost,
        `The connection to the collector was lost at ${clock(Date.now())}. What is shown is from then; it is tried again.`,
      );
      this.#notices.append(this.#lost);
    }
  }

  noteRestart(): void {
    const close = el('button', { type: 'button', textContent: 'Close' });
    const text = `The collector was started again, and its history with it, at ${clock(Date.now())}. What came before isn't here any more.`;
    const notice = el('p', { className: 'notice' }, text, close);
    close.addEventListener('click', () => notice.remove());
    this.#notices.querySelector('.notice:not(.bad)')?.remove();
    this.#notices.append(notice);
  }
}

function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the page has no #${id}`);
  return element;
}
