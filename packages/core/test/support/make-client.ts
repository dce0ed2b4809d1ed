import { Pipeline } from '../../src/client/pipeline.js';
import { clientOf } from '../../src/client/statsd.js';
import { SURROUNDINGS, type Surroundings } from '../../src/host/surroundings.js';
import { MemoryTransport, type StatsdClient, type StatsdOptions } from '../../src/index.js';

/** A logger that keeps what it is told. */
export class LogLines {
  readonly warnings: string[] = [];
  readonly infos: string[] = [];

  readonly warn = (line: string): void => void this.warnings.push(line);
  readonly info = (line: string): void => void this.infos.push(line);
}

export interface TestClient {
  readonly statsd: StatsdClient;
  readonly memory: MemoryTransport;
  readonly log: LogLines;
  /** Flushes, and returns the messages that left by it. */
  readonly sent: () => Promise<string[]>;
}

const made = new Set<StatsdClient>();

/**
 * A client that sends to memory (or elsewhere), flushes only when it is told, and is shut down after the test.
 *
 * @param surroundings - Clocks and chance in the place of the process's.
 */
export function makeClient(
  options: StatsdOptions = {},
  surroundings: Partial<Surroundings> = {},
): TestClient {
  const memory = new MemoryTransport();
  const log = new LogLines();
  const all: StatsdOptions = {
    transport: memory,
    logger: log,
    interval: 3_600_000,
    handleSignals: false,
    service: false,
    ...options,
  };
  const statsd = clientOf(new Pipeline(all, { ...SURROUNDINGS, ...surroundings }));
  made.add(statsd);
  const sent = async (): Promise<string[]> => {
    memory.clear();
    await statsd.flush();
    return [...memory.messages];
  };
  return { statsd, memory, log, sent };
}

afterEach(async () => {
  await Promise.all([...made].map((statsd) => statsd.shutdown({ timeout: 0 })));
  made.clear();
});
