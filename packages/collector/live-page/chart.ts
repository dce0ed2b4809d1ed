import uPlot from 'uplot';
import type { Value } from '../src/live/api.js';
import { el } from './dom.js';
import { clock } from './format.js';

/** A line of a chart. */
export interface ChartLine {
  readonly label: string;
  /** Which of the palette's colours it has. */
  readonly colour: number;
  readonly isDashed: boolean;
  readonly values: readonly Value[];
  /** Its value now. A percentile of the last minute isn't one of the step under way, so it is no point of the line. */
  readonly now: Value;
}

export interface ChartData {
  /** In ms since 1970. */
  readonly times: readonly number[];
  readonly lines: readonly ChartLine[];
}

/** So many colours are told apart by most eyes; they are in the style sheet, for light and dark. */
export const COLOURS = 8;
const HEIGHT_PX = 240;

/** The colours of the style sheet, which change between light and dark. */
function styleOf(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** A chart of values over time. It grows with its place. */
export class Chart {
  readonly root = el('div', { className: 'chart' });
  readonly #format: (value: number) => string;
  readonly #observer: ResizeObserver;
  #plot: uPlot | undefined;
  #look = '';
  #data: ChartData = { times: [], lines: [] };

  /** @param format - makes the text of a value. */
  constructor(format: (value: number) => string) {
    this.#format = format;
    this.root.setAttribute('role', 'img');
    this.#observer = new ResizeObserver(() => {
      this.#plot?.setSize({ width: this.root.clientWidth, height: HEIGHT_PX });
    });
    this.#observer.observe(this.root);
    DARK.addEventListener('change', this.#restyle);
  }

  /** @param label - says to a screen reader what is seen. */
  show(data: ChartData, label: string): void {
    this.#data = data;
    if (this.root.getAttribute('aria-label') !== label) this.root.setAttribute('aria-label', label);
    const look = JSON.stringify(data.lines.map((line) => [line.label, line.colour, line.isDashed]));
    if (look === this.#look && this.#plot !== undefined) {
      this.#plot.setData(aligned(data));
      return;
    }
    this.#look = look;
    this.#plot?.destroy();
    this.#plot = new uPlot(this.#options(data), aligned(data), this.root);
  }

  close(): void {
    this.#observer.disconnect();
    DARK.removeEventListener('change', this.#restyle);
    this.#plot?.destroy();
  }

  readonly #restyle = (): void => {
    this.#look = '';
    this.show(this.#data, this.root.getAttribute('aria-label') ?? '');
  };

  #options({ lines }: ChartData): uPlot.Options {
    const [text, grid] = [styleOf('--quiet'), styleOf('--grid')];
    const axis = { stroke: text, grid: { stroke: grid, width: 1 }, ticks: { stroke: grid, width: 1 } };
    return {
      width: Math.max(200, this.root.clientWidth),
      height: HEIGHT_PX,
      // Above the plot, where the usual blank would stand below the caption; the other sides as usual.
      padding: [8, null, null, null],
      legend: { show: false },
      cursor: { points: { size: 6 }, drag: { x: false, y: false } },
      scales: { y: { range: (_plot, low, high) => rangeOf(low, high) } },
      axes: [
        {
          ...axis,
          size: 32,
          values: (_plot, splits) => timeTexts(splits),
          space: 70,
        },
        { ...axis, size: 78, values: (_plot, splits) => splits.map((value) => this.#format(value)) },
      ],
      series: [
        {},
        ...lines.map(({ label, colour, isDashed }) => ({
          label,
          stroke: styleOf(`--line-${colour % COLOURS}`),
          width: 2,
          points: { show: false },
          ...(isDashed ? { dash: [6, 4] } : {}),
        })),
      ],
      plugins: [
        tooltip(
          this.#format,
          lines.map(({ label }) => label),
        ),
      ],
    };
  }
}

const DARK = matchMedia('(prefers-color-scheme: dark)');

function aligned({ times, lines }: ChartData): uPlot.AlignedData {
  return [times.map((ms) => ms / 1000), ...lines.map(({ values }) => values as (number | null)[])];
}

/** Times of day, with seconds where there are several within a minute. */
function timeTexts(splits: readonly number[]): string[] {
  const hasSeconds = splits.length > 1 && splits[1]! - splits[0]! < 60;
  return splits.map((at) => clock(at * 1000).slice(0, hasSeconds ? 8 : 5));
}

/** From 0, so that a small change doesn't look like a large one. */
function rangeOf(low: number | null, high: number | null): [number, number] {
  const [from, to] = [Math.min(0, low ?? 0), Math.max(0, high ?? 0)];
  const room = (to - from || 1) * 0.08;
  return [from < 0 ? from - room : 0, to > 0 ? to + room : room];
}

/** What stands where the cursor is. */
function tooltip(format: (value: number) => string, labels: readonly string[]): uPlot.Plugin {
  const box = el('div', { className: 'tip', hidden: true });
  return {
    hooks: {
      init: (plot) => plot.over.append(box),
      setCursor: (plot) => {
        const { idx, left = 0 } = plot.cursor;
        const isOver = typeof idx === 'number' && left >= 0;
        box.hidden = !isOver;
        if (!isOver) return;
        const rows = labels.map((label, at) => {
          const value = plot.data[at + 1]?.[idx] ?? null;
          return el('div', {
            textContent: `${label}: ${value === null ? '–' : format(value)}`,
          });
        });
        box.replaceChildren(el('strong', { textContent: clock(plot.data[0][idx]! * 1000) }), ...rows);
        const isRight = left > plot.over.clientWidth / 2;
        box.style.transform = `translate(${isRight ? left - box.offsetWidth - 12 : left + 12}px, 8px)`;
      },
    },
  };
}
