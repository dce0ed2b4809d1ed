import { writeSync } from 'node:fs';
import { Writable } from 'node:stream';
import { AFTransport, Statsd, UDPTransport } from '../../src/index.js';
import { withStatsd } from '../../src/serverless.js';

// A platform of functions: calls the handler of an invocation in the way of AWS Lambda's runtime, and stops its own process by
// SIGSTOP at the moment at which Lambda would ask for the next one. Nothing runs between the result and the stop.

type Result = (error: unknown, value?: unknown) => void;

const place = process.argv[2]!;
Statsd.configure({
  transport: place.startsWith('/')
    ? new AFTransport({ queue: place, fallback: false })
    : new UDPTransport({ port: Number(place), format: 'dogstatsd' }),
  interval: 3_600_000,
});

function record(form: string): void {
  for (let at = 0; at < 50; at++) Statsd.increment(`calls.${form}`, { tags: { at } });
  Statsd.timing(`took.${form}`, 3);
}

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

const promised = withStatsd(async (form: string): Promise<string> => {
  record(form);
  await turn();
  Statsd.increment(`late.${form}`);
  return form;
});

const failing = withStatsd(async (form: string): Promise<string> => {
  await turn();
  record(form);
  throw new Error('on purpose');
});

const throwing = withStatsd((form: string): never => {
  record(form);
  throw new Error('on purpose');
});

const calling = withStatsd((form: string, _context: object, callback: Result): void => {
  record(form);
  setImmediate(() => {
    Statsd.increment(`late.${form}`);
    callback(null, form);
  });
});

/** What `awslambda.streamifyResponse` marks a handler by. */
const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');

const streaming = withStatsd(
  Object.assign(
    async (form: string, stream: Writable): Promise<void> => {
      record(form);
      stream.write('chunk');
      await turn();
      Statsd.increment(`late.${form}`);
      stream.end();
      await new Promise((resolve) => stream.once('finish', resolve));
    },
    { [STREAMING]: 'response' },
  ),
);

const HANDLERS: Record<string, (...args: never) => unknown> = {
  promised,
  failing,
  throwing,
  calling,
  streaming,
};

function isOver(form: string, error: unknown): void {
  writeSync(1, `${form} ${error instanceof Error ? error.message : 'well'}\n`);
  process.kill(process.pid, 'SIGSTOP');
}

function invoke(form: string): void {
  const handler = HANDLERS[form] as ((...args: unknown[]) => unknown) & { [STREAMING]?: string };
  const context = { getRemainingTimeInMillis: () => 60_000 };
  const result: Result = (error) => isOver(form, error);
  const stream = new Writable({ write: (_chunk, _encoding, next) => next() });
  const args = handler[STREAMING] === 'response' ? [form, stream, context] : [form, context, result];
  try {
    const returned = handler(...args);
    if (returned instanceof Promise) returned.then(() => result(null), result);
  } catch (error) {
    result(error);
  }
}

process.on('message', (form: string) => (form === 'end' ? process.exit() : invoke(form)));
process.send!('ready');
