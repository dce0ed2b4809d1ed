/**
 * Records commands of `ioredis` 5 and 6.
 *
 * The library has a tracing channel. Once anything subscribes to it, the rejection of a command that nobody handles is not reported
 * any more. So commands are watched where the library settles them, and their promises stay as they are.
 *
 * @module
 */
import { now } from '@afstatsd/core/instrument';
import { onLoaded } from '../loaded-files.js';
import { type Outcome, Operations } from '../operations.js';
import { Part } from '../part.js';
import { replace } from '../replaced.js';

type Settle = (value: unknown) => unknown;

/** The part of the library's command that is looked at. */
interface Command {
  readonly name: string;
  resolve: Settle;
  reject: Settle;
}

const part = new Part('ioredis');
const operations = new Operations('redis');
/** When a command was made or, once it has been written, when that was. */
const begun = new WeakMap<Command, number>();

const begin = part.guarded((command: Command) => {
  begun.set(command, now());
  const { resolve, reject } = command;
  command.resolve = (value) => {
    end(command, 'success');
    return resolve(value);
  };
  command.reject = (error) => {
    end(command, 'failure');
    return reject(error);
  };
});
const written = part.guarded((command: Command) => {
  if (begun.has(command)) begun.set(command, now());
});
const end = part.guarded((command: Command, outcome: Outcome) => {
  const start = begun.get(command);
  if (start === undefined) return;
  begun.delete(command);
  operations.ended(command.name.toLowerCase(), outcome, now() - start);
});

onLoaded(part, {
  library: 'ioredis',
  file: 'built/Command.js',
  majors: [5, 6],
  change(exported) {
    const { prototype } = (exported as { readonly default: { readonly prototype: unknown } }).default;
    replace<(this: Command) => unknown>(
      prototype,
      'initPromise',
      (initPromise) =>
        function () {
          const result = initPromise.call(this);
          begin(this);
          return result;
        },
    );
    replace<(this: Command, ...args: unknown[]) => unknown>(
      prototype,
      'toWritable',
      (toWritable) =>
        function (...args) {
          written(this);
          return toWritable.apply(this, args);
        },
    );
  },
});

/** Records nothing more of `ioredis`. */
export const stopIoredis: () => void = part.stop;
