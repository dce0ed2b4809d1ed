import type { LiveKind } from '../src/live/api.js';
import type { Metric } from './model.js';

/** A line of the list of metrics: a group, or a series of its own. */
export interface Row {
  readonly key: string;
  readonly label: string;
  readonly kind: LiveKind | undefined;
  /** Series in it; one for a series. */
  readonly series: readonly Metric[];
  /** The series that adds all of them up, where there is one. */
  readonly total: Metric | undefined;
  readonly type: 'group' | 'series';
  /** Whether it stands below a group that is open. */
  readonly isInner: boolean;
  /** Of a group: whether its series are shown. */
  readonly isOpen: boolean;
}

/** The key of the group of series that don't have the tag. */
const WITHOUT = '\0';
const OWN = /(?:^|\.)afstatsd\./;

/** The words that are searched for. */
function wordsOf(search: string): string[] {
  return search.toLowerCase().split(/\s+/).filter(Boolean);
}

/**
 * The lines of the list.
 *
 * @param group - the tag by whose values series are grouped; empty for their names.
 * @param opened - keys of groups whose series are shown.
 * @param closed - keys of groups that stay closed though a search has found nothing else.
 */
export function rowsOf(
  metrics: Iterable<Metric>,
  {
    search,
    group,
    opened,
    closed,
  }: { search: string; group: string; opened: ReadonlySet<string>; closed: ReadonlySet<string> },
): Row[] {
  const words = wordsOf(search);
  const groups = new Map<
    string,
    { label: string; kind: LiveKind | undefined; series: Metric[]; total: Metric | undefined }
  >();
  for (const metric of metrics) {
    const { name, kind, tags, of } = metric.item;
    const value = group === '' ? undefined : of?.length === 2 && of[0] === group ? of[1] : tags[group];
    if (of !== undefined && (group !== '' || of.length > 0)) continue;
    const text = `${name} ${Object.entries(tags).flat().join(' ')} ${kind}`.toLowerCase();
    if (of === undefined && !words.every((word) => text.includes(word))) continue;
    const key = group === '' ? `${name}\0${kind}` : (value ?? WITHOUT);
    let found = groups.get(key);
    if (found === undefined) {
      const label = group === '' ? name : value === undefined ? `without ${group}` : `${group}=${value}`;
      groups.set(
        key,
        (found = { label, kind: group === '' ? kind : undefined, series: [], total: undefined }),
      );
    }
    if (of === undefined) found.series.push(metric);
    else found.total = metric;
  }
  const rows: Row[] = [];
  const sorted = [...groups].filter(([, { series }]) => series.length > 0);
  sorted.sort(
    ([a, one], [b, other]) =>
      Number(OWN.test(one.label)) - Number(OWN.test(other.label)) ||
      Number(a === WITHOUT) - Number(b === WITHOUT) ||
      (a < b ? -1 : 1),
  );
  const isOnly = words.length > 0 && sorted.length === 1;
  for (const [key, { label, kind, series, total }] of sorted) {
    const isOpen = opened.has(key) || (isOnly && !closed.has(key));
    if (series.length === 1 && group === '') {
      rows.push(rowOf(series[0]!, false, true));
      continue;
    }
    rows.push({
      key,
      label,
      kind,
      series,
      total: words.length === 0 ? total : undefined,
      type: 'group',
      isInner: false,
      isOpen,
    });
    if (isOpen) rows.push(...series.map((metric) => rowOf(metric, true, group !== '')));
  }
  return rows;
}

function rowOf(metric: Metric, isInner: boolean, hasName: boolean): Row {
  const { id, name, tags, kind } = metric.item;
  const tagText = Object.entries(tags).map(([key, value]) => (value === '' ? key : `${key}=${value}`));
  const label = [...(hasName ? [name] : []), tagText.join(', ')].filter(Boolean).join(' · ');
  return {
    key: `#${id}`,
    label,
    kind,
    series: [metric],
    total: undefined,
    type: 'series',
    isInner,
    isOpen: false,
  };
}
