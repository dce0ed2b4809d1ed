// Runs http.mjs's cases, each in a process, a few requests of each in turn.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { connect } from './http-load.mjs';

const SUBJECT = fileURLToPath(new URL('http-subject.mjs', import.meta.url));

/** @returns what runs requests, or throws when the process does. */
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
    /** CPU time of a request, in µs. */
    inject: (count) => ask('inject', count),
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
 * Each process differs a little from another that does the same, in where things are in memory and in what was compiled
 * when. So there are several generations of them.
 *
 * @param rounds - of each generation, each of `requests` of each case in each way.
 * @returns `{ inject, loopback }`: µs of each round by id.
 */
export async function roundsOf(cases, { generations, rounds, requests, warmUp, onRound = () => {} }) {
  const us = { inject: {}, loopback: {} };
  const ways = Object.keys(us);
  for (const way of ways) for (const { id } of cases) us[way][id] = [];
  for (let generation = 0; generation < generations; generation++) {
    const subjects = [];
    for (const { id, onlyLoopback = false } of cases) subjects.push({ ...(await start(id)), onlyLoopback });
    const subjectsOf = (way, all) => all.filter(({ onlyLoopback }) => way === 'loopback' || !onlyLoopback);
    for (const way of ways) for (const subject of subjectsOf(way, subjects)) await subject[way](warmUp);
    for (let round = 0; round < rounds; round++) {
      // In another order each time, so that what comes back at intervals doesn't fall on one case.
      const first = (round * 7) % subjects.length;
      const order = [...subjects.slice(first), ...subjects.slice(0, first)];
      if (round % 2 === 1) order.reverse();
      for (const way of ways) {
        for (const subject of subjectsOf(way, order)) us[way][subject.id].push(await subject[way](requests));
      }
      onRound(us);
    }
    for (const subject of subjects) await subject.check();
    for (const subject of subjects) await subject.stop();
  }
  return us;
}
