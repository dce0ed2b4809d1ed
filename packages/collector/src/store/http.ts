import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { request as requestTls } from 'node:https';
import { printable } from '../printable.js';
import { ACCEPTED, type Outcome } from './outcome.js';

/** Of an answer, in bytes: what a store says is wrong stands at its beginning. */
const MAX_ANSWER_BYTES = 4_096;
const MAX_SHOWN_LENGTH = 200;
/** Status codes of a body that the store will never take. After others it may go better later, when somebody has mended something. */
const REFUSALS: ReadonlySet<number> = new Set([400, 405, 413, 415, 422]);

export interface HttpPost {
  readonly address: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly signal: AbortSignal;
}

/**
 * Posts a body over a connection of its own, because a store may close one that is idle at any moment, and then nobody knows
 * whether it has read the body. Rejects with an error of the connection, or of the signal.
 */
export function post({ address, headers, body, signal }: HttpPost): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const options = {
      method: 'POST',
      headers: { 'User-Agent': 'afstatsd-collector', ...headers, 'Content-Length': body.length },
      agent: false as const,
      signal,
    };
    const answered = (response: IncomingMessage): void => {
      readAnswer(response).then((text) => resolve(outcomeOf(response, text)), reject);
    };
    const sent: ClientRequest =
      address.protocol === 'https:'
        ? requestTls(address, options, answered)
        : request(address, options, answered);
    sent.on('error', reject);
    sent.end(body);
  });
}

async function readAnswer(response: IncomingMessage): Promise<string> {
  let text = '';
  response.setEncoding('utf8');
  for await (const chunk of response) if (text.length < MAX_ANSWER_BYTES) text += String(chunk);
  return text;
}

function outcomeOf({ statusCode = 0, headers }: IncomingMessage, text: string): Outcome {
  if (statusCode >= 200 && statusCode < 300) return ACCEPTED;
  const said = printable(text.trim().replaceAll(/\s+/g, ' ').slice(0, MAX_SHOWN_LENGTH));
  const why = `HTTP status ${statusCode}${said === '' ? '' : ` (${said})`}`;
  if (REFUSALS.has(statusCode)) return { state: 'refused', why };
  const seconds = Number(headers['retry-after']);
  return { state: 'failed', why, ...(seconds > 0 && { after: seconds * 1000 }) };
}
