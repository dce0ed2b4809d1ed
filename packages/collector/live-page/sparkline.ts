import type { Value } from '../src/live/api.js';
import { svg } from './dom.js';
const [WIDTH, HEIGHT] = [120, 24];
/** While the history is shorter, in steps, the line ends where it would end in so many. */
const SHORTEST = 24;

/** A small line of the last ten minutes, or of as many as there are. It says nothing to a screen reader, which has the numbers beside. */
export class Sparkline {
  readonly root: SVGElement;
  readonly #line: SVGElement;
  #path = '';

  constructor() {
    this.#line = svg('path', { fill: 'none', 'vector-effect': 'non-scaling-stroke' });
    this.root = svg('svg', {
      class: 'spark',
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      preserveAspectRatio: 'none',
      'aria-hidden': 'true',
    });
    this.root.append(this.#line);
  }

  /** @param points - one a step, the latest last. */
  show(points: readonly Value[]): void {
    const path = pathOf(points);
    if (path === this.#path) return;
    this.#path = path;
    this.#line.setAttribute('d', path);
  }
}

function pathOf(points: readonly Value[]): string {
  let [low, high] = [0, 0];
  for (const value of points) {
    if (value === null) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const span = high - low || 1;
  const window = Math.max(SHORTEST, points.length);
  const first = window - points.length;
  let path = '';
  let isDown = false;
  for (const [at, value] of points.entries()) {
    if (value === null) {
      isDown = false;
      continue;
    }
    const x = (((first + at) * WIDTH) / (window - 1)).toFixed(1);
    const y = (HEIGHT - 1 - ((value - low) / span) * (HEIGHT - 2)).toFixed(1);
    path += `${isDown ? 'L' : 'M'}${x} ${y}`;
    // A point by itself is seen as a short line.
    if (!isDown && (points[at + 1] ?? null) === null) path += 'h1';
    isDown = true;
  }
  return path;
}
