import type { GaugeView } from '../metric/view.js';

/** A client sends a gauge that still holds to our collector again after this time, in seconds. */
export const GAUGE_REPEAT_S = 60;

/** The longest time between two repeats that the collector accepts, in seconds. */
const LONGEST_REPEAT_S = 86_400;
const FIELD = /^every:([1-9]\d{0,4})$/;

/** The field of a gauge that its sender repeats: `|every:60`, in seconds. Empty for any other gauge. */
export function repeatField({ repeatedEvery = 0 }: GaugeView): string {
  return repeatedEvery > 0 ? `|every:${repeatedEvery}` : '';
}

/** The seconds of such a field, without its bar; `undefined` for another field. */
export function readRepeatField(field: string): number | undefined {
  const seconds = Number(FIELD.exec(field)?.[1] ?? 0);
  return seconds > 0 && seconds <= LONGEST_REPEAT_S ? seconds : undefined;
}
