import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { request as requestTls } from 'node:https';
import { printable } from '../printable.js';
import { ACCEPTED, type Outcome } from './outcome.js';

/** The bytes of an answer that are read. A store's error message is at the beginning. */
const MAX_ANSWER_BYTES = 4_096;
const MAX_SHOWN_LENGTH = 200;
/** The status codes for a body that the store will never take. After any other error code, a later try may succeed. */
const REFUSALS: ReadonlySet<number> = new Set([400, 405, 413, 415, 422]);

export interface HttpPost {
  readonly address: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly signal: AbortSignal;
}

/**
 * Posts a body over a new connection. A store may close an idle connection at any moment, so with a reused one nobody would know
 * whether the store has read the body. Rejects with an error of the connection, or of the signal.
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
