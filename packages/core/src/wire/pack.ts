import type { SetView, TimerView } from '../metric/view.js';
import type { Batch, Format, ListSyntax, Naming, Packed } from './format.js';
import { formatMilliseconds } from './number.js';

/**
 * Fits as many metrics as possible into one message of at most `limit` bytes, beginning with the one at `from`.
 * Counters and gauges go in whole; a timer or set may go on in the next message, between two values, never within one.
 * When not even a first part of the metric at `from` fits, the message is empty.
 */
export function pack(format: Format, batch: Batch, from: number, limit: number): Packed {
  const { metrics, naming } = batch;
  let text = '';
  let bytes = 0;
  let index = from;
  for (; index < metrics.length; index++) {
    const metric = metrics[index]!;
    const lead = bytes === 0 ? '' : format.separator(metrics[index - 1]!, metric, naming);
    if (metric.kind === 'counter' || metric.kind === 'gauge') {
      const single = format.single(metric, batch);
      const size = lead.length + (metric.ascii && naming.ascii ? single.length : Buffer.byteLength(single));
      if (bytes + size > limit) break;
      text += lead + single;
      bytes += size;
    } else {
      const part = packList(format, metric, batch, lead, limit - bytes);
      text += part.text;
      bytes += part.bytes;
      if (!part.whole) return { text, bytes, taken: index - from, values: part.values };
    }
  }
  return { text, bytes, taken: index - from, values: 0 };
}

interface Part {
  readonly text: string;
  readonly bytes: number;
  readonly values: number;
  readonly whole: boolean;
}

/** The part of a timer or set that fits: runs of values under one rate, each written as a list. */
function packList(
  format: Format,
  metric: TimerView | SetView,
  { naming }: Batch,
  firstLead: string,
  limit: number,
): Part {
  const items = metric.kind === 'timer' ? timerItems(metric) : setItems(metric, format, naming);
  let text = '';
  let bytes = 0;
  let at = metric.from;
  while (at < items.length) {
    const end = at < items.exact ? items.exact : items.length;
    const syntax = format.list(metric, naming, at < items.exact ? 1 : items.rate);
    const lead = text === '' ? firstLead : format.separator(metric, metric, naming);
    const run = packRun(items, at, end, lead, syntax, limit - bytes);
    text += run.text;
    bytes += run.bytes;
    at += run.values;
    if (!run.whole) break;
  }
  return { text, bytes, values: at - metric.from, whole: at >= items.length };
}

function packRun(
  items: Items,
  from: number,
  end: number,
  lead: string,
  { head, joiner, tail }: ListSyntax,
  limit: number,
): Part {
  const joinerBytes = Buffer.byteLength(joiner);
  let bytes = lead.length + Buffer.byteLength(head) + Buffer.byteLength(tail);
  let body = '';
  let at = from;
  for (; at < end; at++) {
    const item = items.text(at);
    const size = (at === from ? 0 : joinerBytes) + (items.ascii ? item.length : Buffer.byteLength(item));
    if (bytes + size > limit) break;
    body += at === from ? item : joiner + item;
    bytes += size;
  }
  if (at === from) return { text: '', bytes: 0, values: 0, whole: false };
  return { text: lead + head + body + tail, bytes, values: at - from, whole: at === end };
}

interface Items {
  readonly length: number;
  /** How many values, from the first, go out without a rate. */
  readonly exact: number;
  readonly rate: number;
  readonly ascii: boolean;
  text(at: number): string;
}

function timerItems({ samples }: TimerView): Items {
  const { values, length, exact, rate } = samples;
  return { length, exact, rate, ascii: true, text: (at) => formatMilliseconds(values[at]!) };
}

function setItems(set: SetView, { member = (text) => text }: Format, naming: Naming): Items {
  const { members } = set;
  const { length } = members;
  return { length, exact: length, rate: 1, ascii: false, text: (at) => member(members[at]!, set, naming) };
}
