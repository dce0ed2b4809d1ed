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
  /** The latest of what it has found in the app's code. A client of an older version reports none. */
  readonly findings: readonly ReportedFinding[];
}

/** Something in the app's code that is worth a look. */
export interface ReportedFinding {
  /** `growth`: tags of ever more values. `calls`: a thing ran often in one request. `blocking`: where a measured function was given. */
  readonly kind: string;
  /** The metric that it is about; of `calls`, the timer of the thing. */
  readonly metric: string;
  /** Of `calls`, the route; else empty. */
  readonly route: string;
  /** A line for people, or empty. */
  readonly text: string;
  /** File, line and column; empty where that isn't known. */
  readonly place: string;
}

/** A service check of DogStatsD, so that other readers of lines don't take it for a metric. */
const BEGIN = '_sc|afstatsd.client|0|m:';
/** The longest report that a client writes, in characters. A longer one was made by somebody else. */
export const LONGEST_REPORT = 8_192;
const MAX_WARNINGS = 20;
const MAX_FINDINGS = 20;
/** In characters. */
const MAX_TEXT = 300;

/** The report as a line of StatsD. A bar or a line break can't end it, because JSON has escapes for both. */
export function clientReportLine(report: ClientReport): string {
  return BEGIN + JSON.stringify(report).replaceAll('|', String.raw`\u007c`);
}

/** Reads the report of such a line. Anybody may have sent it, so it is checked; undefined for every other line. */
export function readClientReport(line: string): ClientReport | undefined {
  if (!line.startsWith(BEGIN) || line.length > LONGEST_REPORT) return undefined;
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
  const findings = readFindings(given.findings ?? []);
  if (findings === undefined) return undefined;
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
    findings,
  } as ClientReport;
}

function readFindings(given: unknown): ReportedFinding[] | undefined {
  if (!Array.isArray(given) || given.length > MAX_FINDINGS) return undefined;
  const findings = given.map((one: unknown) => {
    const { kind, metric, route, text, place } = Object(one) as Record<keyof ReportedFinding, unknown>;
    return { kind, metric, route, text, place };
  });
  const areTexts = findings.every((one) => Object.values(one).every(isText));
  return areTexts ? (findings as ReportedFinding[]) : undefined;
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.length <= MAX_TEXT;
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
