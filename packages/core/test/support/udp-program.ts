import { type Program, usePrograms } from '@afstatsd/testing';
import type { UdpScript } from '../programs/udp.js';
import { programFile } from './program-file.js';

type Start = (url: string, script: UdpScript, env?: NodeJS.ProcessEnv) => Program;

/** To be called in a `describe`. @returns what starts `programs/udp.ts` with the URL of a transport. */
export function useUdpProgram(): Start {
  const programs = usePrograms();
  return (url, script, env = {}) =>
    programs.node([programFile('udp'), JSON.stringify(script)], { env: { AFSTATSD_URL: url, ...env } });
}

/** What it sends, of so many metrics. */
export function hits(metrics: number): string[] {
  return Array.from({ length: metrics }, (_, i) => `hits.${i}:1|c`);
}
