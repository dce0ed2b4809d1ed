import { freePort } from '@afstatsd/testing';
import { expect } from 'chai';
import type { CollectorProgram } from './collector-program.js';
import { useStage } from './stage.js';

/** A collector that listens on UDP. */
export interface Running {
  readonly port: number;
  readonly program: CollectorProgram;
  /** Ends it, as systemd does. */
  readonly stop: () => Promise<void>;
}

/** To be called in a `describe`: its collectors have ended after the test. */
export function useCollectorOnUdp(env: NodeJS.ProcessEnv = {}): (...args: string[]) => Promise<Running> {
  const at = useStage();
  return async (...args) => {
    const port = await freePort();
    const program = at.collector(['--udp', `127.0.0.1:${port}`, ...args], { env });
    await program.ready();
    const stop = async (): Promise<void> => {
      expect(await program.kill('SIGTERM'), program.stderr).to.equal(0);
    };
    return { port, program, stop };
  };
}
