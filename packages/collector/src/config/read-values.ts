import { CLIENT_INTERVAL_MS, type Rule, transportFromUrl } from '@afstatsd/core';
import { MAX_DELAY_MS, Rules, parseDuration } from '@afstatsd/core/instrument';
import { queueNameProblem } from '@afstatsd/mqueue';
import { type Address, readAddress } from './address.js';
import { SHORTEST_STORE_MS } from './options.js';

// Functions that read the value of an option from its text. Each throws an Error that says what the text must be.

export function duration(text: string): number {
  const ms = parseDuration(text) ?? 0;
  if (ms < 1 || ms > MAX_DELAY_MS) throw new Error('a duration with its unit, such as 20s or 500ms');
  return ms;
}

/** @throws Error that says what is wrong with the rule. */
export function readRule(text: string): Rule {
  let rule: Rule;
  try {
    rule = JSON.parse(text) as Rule;
  } catch (error) {
    throw new Error(`a rule as JSON (${(error as Error).message})`, { cause: error });
  }
  try {
    Rules.check([rule]);
  } catch (error) {
    throw new Error(`a rule (${(error as Error).message.replace('rules[0]: ', '')})`, { cause: error });
  }
  return rule;
}

/** Reads an interval of at least 1 s, because stores get whole seconds, and two sends must not have the same time. */
export function storeInterval(text: string): number {
  const ms = duration(text);
  if (ms < SHORTEST_STORE_MS) throw new Error('a duration of at least 1s');
  return ms;
}

export function percentiles(text: string): number[] {
  const items = text.split(',');
  const numbers = items.map(Number);
  const rising = numbers.every(
    (number, i) =>
      /\d/.test(items[i]!) && number > 0 && number < 100 && (i === 0 || number > numbers[i - 1]!),
  );
  if (!rising) throw new Error('percentiles in rising order, above 0 and below 100, such as 50,90,99.9');
  return numbers;
}

export function globalTag(text: string): readonly [string, string] | undefined {
  if (text === 'off') return undefined;
  const at = text.indexOf('=');
  if (at < 1) throw new Error('KEY=VALUE, such as host=web1, or off');
  return [text.slice(0, at), text.slice(at + 1)];
}

/** Makes a function that checks the URL of a store, and returns its text unchanged. */
export function storeUrl(check: (text: string) => unknown): (text: string) => string {
  return (text) => {
    check(text);
    return text;
  };
}

export function clientInterval(text: string): number {
  const ms = duration(text);
  const { shortest, longest } = CLIENT_INTERVAL_MS;
  if (ms < shortest || ms > longest) throw new Error('a duration from 1s to 20s');
  return ms;
}

/** Reads an address to listen on. Without a host, the host is `localhost`, which is both loopbacks. */
export function listenAddress(text: string): Address | undefined {
  return readAddress(text, 'localhost') || undefined;
}

export function integer(from: number, to: number = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!/^\d+$/.test(text) || number < from || number > to)
      throw new Error(
        to === Number.MAX_SAFE_INTEGER
          ? `an integer of at least ${from}`
          : `an integer from ${from} to ${to}`,
      );
    return number;
  };
}

export function oneOf<T extends string>(...values: readonly T[]): (text: string) => T {
  return (text) => {
    const value = values.find((known) => known === text);
    if (value === undefined) throw new Error(`one of ${values.join(', ')}`);
    return value;
  };
}

export function queueName(text: string): string | false {
  if (text === 'off') return false;
  const problem = queueNameProblem(text);
  if (problem !== undefined) throw new Error(`a name such as /afcollectorapi, or off (${problem.reason})`);
  return text;
}

export function hostName(text: string): string {
  if (!/^[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_])?\.?$/u.test(text))
    throw new Error('a host name without a port, such as metrics.example.com');
  return text;
}

export function url(...schemes: readonly string[]): (text: string) => string {
  return (text) => {
    if (!URL.canParse(text) || !schemes.includes(new URL(text).protocol)) {
      throw new Error(`a URL that begins with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}`);
    }
    return text;
  };
}

/** Reads a StatsD server's URL, with all parameters that core's transports know. */
export function serverUrl(text: string): string {
  url('udp:', 'unix:')(text);
  try {
    transportFromUrl(text);
  } catch (error) {
    throw new Error(`the URL of a StatsD server (${(error as Error).message})`, { cause: error });
  }
  return text;
}

export function bounds(text: string): number[] {
  const items = text.split(',');
  const numbers = items.map(Number);
  const rising = numbers.every(
    (bound, i) => /\d/.test(items[i]!) && Number.isFinite(bound) && (i === 0 || bound > numbers[i - 1]!),
  );
  if (!rising) throw new Error('seconds in rising order, such as 0.01,0.1,1');
  return numbers;
}
