// Runs http.mjs's cases, each in a process, a few requests of each in turn.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { connect } from './http-load.mjs';

const SUBJECT = fileURLToPath(new URL('http-subject.mjs', import.meta.url));

const WARM_UP_TURNS = 25;

/** Starts the process of a case. Its methods throw when it has ended. */
async function start(id) {
  const child = fork(SUBJECT, [id]);
  let settle;
  child.on('message', ({ result }) => settle.resolve(result));
  child.on('exit', () => settle.reject(new Error(`the process of ${id} has ended`)));
  const answer = () => new Promise((resolve, reject) => (settle = { resolve, reject }));
  const ask = (command, count) => {
    child.send({ command, count });
    return answer();
  };
  const connections = await connect(await answer());
  return {
    id,
    /** Time of a request, in µs; of those over loopback CPU time. */
    inProcess: (count) => ask('inProcess', count),
    async loopback(count) {
      await ask('begin');
      await connections.send(count);
      return ask('end', count);
    },
    check: () => ask('check'),
    async stop() {
      connections.close();
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

/**
 * A process differs from another that does the same, in where things are in memory and in what was compiled when, by more
 * than a round from the next. So there are several generations of them.
 *
 * @param way - `inProcess` or `loopback`; a process sees requests of one kind only, as that of an app does.
 * @param rounds - of each generation, each of `requests` of each case.
 * @returns for each generation the µs of a request, of each round, by id.
 */
export async function generationsOf(way, ids, { generations, rounds, requests, warmUp }) {
  const all = [];
  for (let generation = 0; generation < generations; generation++) {
    const subjects = [];
    // What is started first has waited longest, which V8 uses to shrink its heap and to forget code. So each generation begins with
    // another one, and they are warmed up in turns.
    const at = (generation * 5) % ids.length;
    for (const id of [...ids.slice(at), ...ids.slice(0, at)]) subjects.push(await start(id));
    for (let turn = 0; turn < WARM_UP_TURNS; turn++) {
      for (const subject of subjects) await subject[way](warmUp / WARM_UP_TURNS);
    }
    const us = Object.fromEntries(ids.map((id) => [id, []]));
    for (let round = 0; round < rounds; round++) {
      // Each begins in turn, so that what comes back at intervals doesn't fall on one case.
      const first = round % subjects.length;
      for (const subject of [...subjects.slice(first), ...subjects.slice(0, first)]) {
        us[subject.id].push(await subject[way](requests));
      }
    }
    for (const subject of subjects) await subject.check();
    for (const subject of subjects) await subject.stop();
    all.push(us);
  }
  return all;
}
