import type { Model } from './model.js';
import type { Route } from './route.js';
import type { Sparks } from './sparks.js';

/** What views share. */
export interface Stage {
  readonly model: Model;
  readonly sparks: Sparks;
  /** Goes to another view. `isSmall` keeps the place in the browser's history. */
  readonly go: (route: Partial<Route>, isSmall?: boolean) => void;
}

/** A part of the page that is seen by itself. */
export interface View {
  readonly root: HTMLElement;
  readonly title: string;
  /** Shows what the address asks for. */
  show(route: Route): void;
  /** Shows what has come. */
  update(): void;
  close?(): void;
}
