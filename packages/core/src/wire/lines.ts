import type { CounterView, MetricView, ValueKind } from '../metric/view.js';
import type { Batch, Format, Naming } from './format.js';
import { repeatField } from './gauge-repeat.js';
import { formatNumber, formatSum } from './number.js';

/** Options of a flavour of the StatsD line format. */
export interface LineOptions {
  /** Whether a timer's values carry their sample rate. Default true; false for servers that misread it, as collectd does. */
  readonly timerRate?: boolean;
  /**
   * Whether counters are written as whole numbers, for servers that cut fractions off, as netdata and gostatsd do. The rest
   * stays for the next message; at the end of the process it is written as a decimal. Default: true in the format `influx`,
   * because Telegraf cuts, too; else false.
   */
  readonly wholeCounters?: boolean;
}

/** The differences between the flavours of the StatsD line format. */
export interface Flavour {
  /** The text before the value: the name, and the tags that this flavour writes there. */
  label(metric: MetricView, naming: Naming): string;
  /** The text at the end of a line: the tags that this flavour writes there. */
  suffix?(metric: MetricView, naming: Naming): string;
  /** Whether `label` folds tags into the name. */
  readonly foldsTags?: boolean;
  /** The type of a timer. */
  readonly timer: string;
  /** The types of histograms and distributions. Default: that of a timer. */
  readonly valueTypes?: Readonly<Record<ValueKind, string>>;
  /** Whether `name:1:2:3|ms` is read as three values. */
  readonly packsTimers: boolean;
  /** A member of a set as it may stand on a line. */
  readonly member?: (text: string) => string;
  /** The default of `wholeCounters`. */
  readonly wholeCounters?: boolean;
  /**
   * The receivers for which a gauge carries the time at which it was set, as `|T` and Unix seconds. No receiver takes the sign of
   * such a gauge for a change. Default: none.
   */
  readonly gaugeTime?: 'always' | 'to our collector';
  /** Whether servers take `+5|g` and `-5|g` for changes of a gauge. */
  readonly gaugeChanges?: boolean;
}

/** DogStatsD's types of values that aren't durations. */
export const VALUE_TYPES: Readonly<Record<ValueKind, string>> = { histogram: 'h', distribution: 'd' };

/** A StatsD format: one metric a line, `name:15|c`, `name:10|ms|@0.5`, `name:5|g`, `name:alice|s`, lines joined with `\n`. */
export function lineFormat(flavour: Flavour, options: LineOptions): Format {
  const { timerRate = true, wholeCounters = flavour.wholeCounters === true } = options;
  const keepsFraction = (_: CounterView, { isLast }: Batch): boolean => !wholeCounters || isLast === true;
  const suffixOf = (metric: MetricView, naming: Naming): string => flavour.suffix?.(metric, naming) ?? '';
  return {
    separator: () => '\n',
    foldsTags: flavour.foldsTags === true,
    repeatsGauges: flavour.gaugeTime !== undefined,
    ...(flavour.member && { member: flavour.member }),
    keepsFraction,
    single(metric, batch) {
      const { naming, repeatsGauges = false } = batch;
      const label = flavour.label(metric, naming);
      const suffix = suffixOf(metric, naming);
      if (metric.kind === 'counter') {
        const sum = keepsFraction(metric, batch) ? formatSum(metric.value) : formatNumber(metric.whole);
        return `${label}:${sum}|c${atRate(metric.rate ?? 1)}${suffix}`;
      }
      const { change } = metric;
      if (
        change !== undefined &&
        (flavour.gaugeChanges === true || (repeatsGauges && isChange(change, suffix)))
      ) {
        return `${label}:${change < 0 ? '' : '+'}${formatSum(change)}|g${suffix}`;
      }
      const isTimed = flavour.gaugeTime === 'always' || (flavour.gaugeTime !== undefined && repeatsGauges);
      const repeat = repeatsGauges ? repeatField(metric) : '';
      const time = isTimed ? `|T${Math.floor(metric.time / 1000)}${repeat}` : '';
      const line = `${label}:${formatNumber(metric.value)}|g${time}${suffix}`;
      // A zero goes first, in the same datagram, because some servers take the sign for a change: from zero, "5 less" is minus five.
      return metric.value < 0 && !isTimed ? `${label}:0|g${suffix}\n${line}` : line;
    },
    list(metric, naming, rate) {
      const head = `${flavour.label(metric, naming)}:`;
      const suffix = suffixOf(metric, naming);
      if (metric.kind === 'set') return { head, joiner: `|s${suffix}\n${head}`, tail: `|s${suffix}` };
      const type = (metric.as && flavour.valueTypes?.[metric.as]) ?? flavour.timer;
      const tail = `|${type}${timerRate ? atRate(rate) : ''}${suffix}`;
      return { head, joiner: flavour.packsTimers ? ':' : `${tail}\n${head}`, tail };
    },
  };
}

/** Whether our collector takes a DogStatsD line for a change of a gauge: with tags it does so for a plus only. */
function isChange(change: number, suffix: string): boolean {
  return change >= 0 || suffix === '';
}

function atRate(rate: number): string {
  return rate === 1 ? '' : `|@${formatNumber(rate)}`;
}
