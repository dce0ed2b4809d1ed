import path from 'node:path';
import type { Queue } from '@afstatsd/mqueue';
import {
  type Later,
  type Program,
  useCleanup,
  useDirectories,
  usePrograms,
  useQueues,
} from '@afstatsd/testing';
import { CollectorProgram, MAIN } from './collector-program.js';

/** What a test needs around it. */
export interface Stage {
  /** A name that no other test, and no collector, uses. */
  readonly queueName: () => string;
  /** Opens the queue to send, as a client would. */
  readonly sender: (name: string) => Queue;
  /** Makes a directory. */
  readonly directory: () => string;
  /** Starts the collector, without queue or UDP unless they are given, with a console that prints JSON every 20 ms. */
  readonly collector: (
    args?: readonly string[],
    options?: { table?: boolean; env?: NodeJS.ProcessEnv },
  ) => CollectorProgram;
  /** Starts a command that becomes a collector: Node.js with these arguments, unless it is another one. */
  readonly bare: (args: readonly string[], command?: string) => CollectorProgram;
  /** Starts one of `test/programs`. */
  readonly program: (name: string, args?: readonly string[], env?: NodeJS.ProcessEnv) => Program;
  /** Starts any program. */
  readonly command: (command: string, args: readonly string[]) => Program;
  /** Something else to do after the test. */
  readonly later: Later;
}

/** To be called in a `describe`: after each test, nothing is left of its processes, queues and directories. */
export function useStage(): Stage {
  const programs = usePrograms();
  const queues = useQueues();
  const directory = useDirectories();
  const later = useCleanup();
  return {
    later,
    directory,
    queueName: queues.newName,
    sender: (name) => queues.open(name, { access: 'write' }),
    collector(args = [], { table = false, env = {} } = {}) {
      const shows = table ? '--console' : '--json';
      const all = ['--queue', 'off', '--udp', 'off', '--interval', '20ms', shows, ...args];
      return programs.add(new CollectorProgram(process.execPath, [MAIN, ...all], { env }));
    },
    bare(args, command = process.execPath) {
      // A shell's other children go with it.
      return programs.add(new CollectorProgram(command, args, { detached: command !== process.execPath }));
    },
    program: (name, args = [], env = {}) =>
      programs.node([path.join(__dirname, `../programs/${name}.js`), ...args], { env }),
    command: (command, args) => programs.run(command, args),
  };
}
