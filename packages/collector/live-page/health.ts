import type { OutputStatus, Status } from '../src/live/api.js';
import { Keyed, arrange, el, setText } from './dom.js';
import { ago, bytes, number } from './format.js';
import { visible } from './text.js';

interface Fact {
  readonly root: HTMLElement;
  readonly value: HTMLElement;
}

/** From there on, room that is taken is bad news: of the queue, and of an output's metrics. */
const NEARLY_FULL = 0.9;

/** The collector's own health: a list of facts. */
export class Health {
  readonly root = el('dl', { className: 'facts' });
  readonly #facts = new Keyed<Fact>((name) => {
    const value = el('dd');
    return { root: el('div', {}, el('dt', { textContent: name }), value), value };
  });

  show(status: Status): void {
    const facts = factsOf(status);
    const shown = this.#facts.of(facts.map(([name]) => name));
    for (const [at, { root, value }] of shown.entries()) {
      setText(value, facts[at]![1]);
      root.classList.toggle('bad', facts[at]![2] === true);
    }
    arrange(
      this.root,
      shown.map(({ root }) => root),
    );
  }
}

type FactText = readonly [name: string, text: string, isBad?: boolean];

function factsOf({
  inputs,
  queue,
  udpDrops,
  completeness,
  outputs,
  history,
  started,
  viewers,
  ...rest
}: Status): FactText[] {
  const { percent } = completeness;
  const facts: FactText[] = [
    ['Completeness', completenessText(completeness), percent !== null && percent < 100],
  ];
  const { depth, capacity } = queue;
  // Where no queue is read, it has none.
  if (capacity !== null)
    facts.push(['Queue', `${number(depth)} of ${number(capacity)} waiting`, depth >= NEARLY_FULL * capacity]);
  if (udpDrops !== null) facts.push(['UDP drops', number(udpDrops), udpDrops > 0]);
  for (const [name, { messages, samples, badLines }] of Object.entries(inputs)) {
    if (messages === 0) continue;
    const bad = badLines > 0 ? `, ${number(badLines)} bad lines` : '';
    facts.push([`From ${name === 'udp' ? 'UDP' : name}`, `${number(samples)} samples${bad}`, badLines > 0]);
  }
  for (const output of outputs) if (!output.name.startsWith('page ')) facts.push(outputFact(output));
  const { held, limit, leftOut } = history;
  facts.push(
    [
      'Held here',
      `${number(held)} of ${number(limit)}${leftOut > 0 ? `, ${number(leftOut)} samples left out` : ''}`,
      leftOut > 0,
    ],
    ['Collector', `${rest.collector}, pid ${rest.pid}, for ${ago(Date.now() - started)}`],
    ['Viewers', String(viewers)],
  );
  return facts;
}

/** What an output has done, and how much of its room is taken. */
function outputFact(output: OutputStatus): FactText {
  const { name, errors, dropped, waitingBytes, sent, held = 0, maxMetrics = Infinity } = output;
  const isFull = held >= NEARLY_FULL * maxMetrics;
  const parts = [`${number(sent)} passed on`];
  if (maxMetrics !== Infinity) parts.push(`${number(held)} of ${number(maxMetrics)} metrics`);
  if (errors > 0) parts.push(`${number(errors)} errors`);
  if (dropped > 0) parts.push(`${number(dropped)} lost`);
  if (waitingBytes !== undefined) parts.push(`${bytes(waitingBytes)} waiting`);
  return [visible(name), parts.join(', '), errors + dropped > 0 || isFull];
}

/** How complete the numbers are, by what clients say of themselves: `100.00 % of 3 clients`. */
export function completenessText({ percent, clients }: Status['completeness']): string {
  if (percent === null) return 'no client has said yet';
  // 99.999 % isn't complete, so it isn't rounded up to 100.
  const shown = (Math.floor(percent * 100) / 100).toFixed(2);
  return clients === 0 ? `${shown} %` : `${shown} % of ${clients} ${clients === 1 ? 'client' : 'clients'}`;
}
