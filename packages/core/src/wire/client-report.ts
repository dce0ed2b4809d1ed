/** The state that a client reports to our collector. */
export interface ClientReport {
  /** Tells it from every other client, also of the same process. */
  readonly id: string;
  /** The name of its service; empty for none. */
  readonly service: string;
  /** The name of its instance; empty for none. */
  readonly instance: string;
  /** The machine, or the container. */
  readonly host: string;
  /** Its process. */
  readonly pid: number;
  /** Its worker thread, as Node.js counts them; 0 is the main thread. */
  readonly thread: number;
  /** Samples since it began, as `stats()` has them. */
  readonly recorded: number;
  /** Samples that have left. */
  readonly sent: number;
  /** Samples that wait to be sent. */
  readonly pending: number;
  /** Samples that will never be sent, for whatever reason. */
  readonly dropped: number;
  /** Calls that were refused. */
  readonly rejected: number;
  /** Its latest warnings: of names and values that it refused, of places that are taken. */
  readonly warnings: readonly string[];
}

/** A service check of DogStatsD, so that other readers of lines don't take it for a metric. */
const BEGIN = '_sc|afstatsd.client|0|m:';
/** The longest report that a client writes, in characters. A longer one was made by somebody else. */
const LONGEST = 8_192;
const MAX_WARNINGS = 20;
/** In characters. */
const MAX_TEXT = 300;

/** The report as a line of StatsD. A bar or a line break can't end it, because JSON has escapes for both. */
export function clientReportLine(report: ClientReport): string {
  return BEGIN + JSON.stringify(report).replaceAll('|', String.raw`\u007c`);
}

/** Reads the report of such a line. Anybody may have sent it, so it is checked; undefined for every other line. */
export function readClientReport(line: string): ClientReport | undefined {
  if (!line.startsWith(BEGIN) || line.length > LONGEST) return undefined;
  let given: Partial<Record<keyof ClientReport, unknown>>;
  try {
    given = Object(JSON.parse(line.slice(BEGIN.length))) as typeof given;
  } catch {
    return undefined;
  }
  const {
    id,
    service,
    instance,
    host,
    pid,
    thread = 0,
    recorded,
    sent,
    pending,
    dropped,
    rejected,
    warnings,
  } = given;
  const texts = [id, service, instance, host];
  const counts = [pid, thread, recorded, sent, pending, dropped, rejected];
  if (!texts.every(isText) || id === '' || !counts.every(isCount)) return undefined;
  if (!Array.isArray(warnings) || warnings.length > MAX_WARNINGS || !warnings.every(isText)) return undefined;
  // Only the known members, so that no sender can make the collector keep anything else.
  return {
    id,
    service,
    instance,
    host,
    pid,
    thread,
    recorded,
    sent,
    pending,
    dropped,
    rejected,
    warnings,
  } as ClientReport;
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.length <= MAX_TEXT;
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
