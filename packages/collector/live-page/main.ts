import type { Hello, MetricList, Tick } from '../src/live/api.js';
import { ClientsView } from './clients-view.js';
import { Connection, type ConnectionState } from './connection.js';
import { FindingsView } from './findings-view.js';
import { MetricView } from './metric-view.js';
import { MetricsView } from './metrics-view.js';
import { Model } from './model.js';
import { Overview } from './overview.js';
import { type Route, linkTo, readRoute } from './route.js';
import { Shell } from './shell.js';
import { Sparks } from './sparks.js';
import type { Stage, View } from './view.js';

/** The page: what it knows, where that comes from, and the view that shows it. */
class App {
  readonly #model = new Model();
  readonly #sparks = new Sparks(this.#model, () => this.#view?.update());
  readonly #shell = new Shell(() => this.#pause());
  readonly #connection = new Connection({
    onList: (list, hello) => this.#load(list, hello),
    onTick: (tick) => this.#take(tick),
    onState: (state) => this.#setState(state),
  });
  readonly #stage: Stage = {
    model: this.#model,
    sparks: this.#sparks,
    go: (route, isSmall = false) => this.#go(route, isSmall),
  };
  #view: View | undefined;
  #route: Route | undefined;
  #state: ConnectionState = 'connecting';
  #isPaused = false;

  start(): void {
    window.addEventListener('hashchange', () => this.#show());
    this.#show();
    this.#connection.open();
  }

  #go(route: Partial<Route>, isSmall: boolean): void {
    const link = linkTo(route);
    if (!isSmall) {
      location.hash = link;
      return;
    }
    history.replaceState(undefined, '', link);
    this.#show();
  }

  #show(): void {
    if (location.hash === '#main') return; // the link that skips the header
    const route = readRoute(location.hash);
    if (this.#view === undefined || this.#route?.page !== route.page || this.#route.name !== route.name) {
      const isFirst = this.#view === undefined;
      this.#view?.close?.();
      this.#view = this.#newView(route);
      this.#shell.show(this.#view.root, !isFirst);
    }
    this.#route = route;
    this.#view.show(route);
    this.#shell.showPlace(route, this.#view.title);
  }

  #newView({ page }: Route): View {
    switch (page) {
      case 'overview':
        return new Overview(this.#stage);
      case 'metrics':
        return new MetricsView(this.#stage);
      case 'metric':
        return new MetricView(this.#stage);
      case 'clients':
        return new ClientsView(this.#stage);
      case 'findings':
        return new FindingsView(this.#stage);
    }
  }

  #load(list: MetricList, hello: Hello): void {
    const { run } = this.#model.steps ?? {};
    if (run !== undefined && run !== list.run) this.#shell.noteRestart();
    this.#sparks.clear();
    this.#model.status = hello.status;
    this.#model.load(list);
    this.#view?.update();
  }

  #take(tick: Tick): void {
    if (this.#isPaused) return;
    this.#model.apply(tick);
    this.#sparks.apply(tick);
    this.#view?.update();
  }

  #pause(): void {
    this.#isPaused = !this.#isPaused;
    // Everything is asked for again, because what came meanwhile wasn't kept.
    if (this.#isPaused) this.#connection.close();
    else this.#connection.open();
    this.#setState(this.#state);
  }

  #setState(state: ConnectionState): void {
    this.#state = state;
    this.#shell.showState(this.#isPaused ? 'paused' : state);
  }
}

new App().start();
