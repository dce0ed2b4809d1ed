// One cell of the table: a program that ends, at a receiver, in a realm, under a version of Node.js; and the check that the program's
// calls, its ledger and the receiver's counts say the same.
import { setTimeout as delay } from 'node:timers/promises';
import { Program } from '@afstatsd/testing';
import { expect } from 'chai';
import { commandOf } from './from-npm.mjs';
import { REALMS } from './realms.mjs';
import { RECEIVERS } from './receivers.mjs';

/** What is said where nobody takes anything. */
const LOST = /the process ends with \d+ samples? that nobody took: /;
const LONG_EXIT_TIMEOUT_MS = 60_000;

/**
 * Runs the program to its end.
 *
 * @param {{ end: string, receiver: string, realm: string, version: string }} cell - keys of the tables.
 */
export async function runCell({ end, receiver: kind, realm: name, version }) {
  const { open, exitTimeoutMs = LONG_EXIT_TIMEOUT_MS } = RECEIVERS[kind];
  const realm = REALMS[name];
  const [[node, ...first], args] = await Promise.all([commandOf(version), realm.args(end, exitTimeoutMs)]);
  const receiver = await open();
  let program;
  try {
    program = new Program(node, [...first, ...args], {
      env: { ...realm.env?.(end), AFSTATSD_URL: receiver.url },
    });
    const read = receiver.read?.(program);
    await send(program, realm.ends[end].sent);
    const how = await program.exit();
    await read;
    const { stdout, stderr } = program;
    return { how, stdout, stderr, arrived: await receiver.arrived() };
  } finally {
    await program?.remove();
    receiver.close();
  }
}

async function send(program, what = []) {
  if (what.length > 0) await program.printed('ready\n');
  for (const one of what) {
    if (typeof one === 'number') await delay(one);
    else if (one === 'told') program.child.send('go on');
    else program.child.kill(one);
  }
}

/** Asserts that a cell's outcome is what the table promises. */
export function expectPromised({ end, receiver: kind, realm, version }, { how, stdout, stderr, arrived }) {
  const promised = REALMS[realm].ends[end];
  const [runtime] = version.split(' ');
  const {
    ends,
    losesPending = false,
    says,
    saysLost = LOST,
  } = { ...promised, ...promised.elsewhere?.[runtime] };
  const { losesAll = false } = RECEIVERS[kind];
  const { calls, recorded, sent, pending, dropped } = ledgers(stdout);
  expect(how, stderr).to.equal(ends);

  expect(recorded, 'recorded by the ledger, as by the program').to.equal(calls);
  expect(sent + pending + dropped.cardinality + dropped.ended + dropped.oversize, 'accounted for').to.equal(
    recorded,
  );
  expect(samplesIn(arrived), 'samples that the receiver counted, and that the ledger has as sent').to.equal(
    sent,
  );

  const lost = pending + dropped.ended;
  if (losesAll) expect(lost, 'lost, as nobody takes anything').to.equal(calls);
  else if (losesPending) expect(lost, 'lost since the last flush, of two equal parts').to.equal(calls / 2);
  else expect({ lost, ...dropped }).to.deep.equal({ lost: 0, cardinality: 0, ended: 0, oversize: 0 });
  // Of a signal, and of an error in Deno, nobody knows whether it will end the process.
  const isKnown = typeof ends === 'number' && !(runtime === 'deno' && ends === 1);
  if (losesAll && isKnown) expect(pending, 'still pending at the end').to.equal(0);

  const said = stderr.match(/^.*afstatsd: .*$/gm) ?? [];
  const expected = says ?? (losesAll ? saysLost : undefined);
  expect(said, stderr).to.have.lengthOf(expected === undefined ? 0 : 1);
  if (expected !== undefined) expect(said[0]).to.match(expected);
}

/** The last ledger of each thread, added up. */
function ledgers(stdout) {
  const last = new Map();
  for (const line of stdout.split('\n').filter((line) => line.startsWith('{'))) {
    const said = JSON.parse(line);
    // A thread that records nothing has no part in it.
    if (said.calls > 0) last.set(said.threadId, said);
  }
  const total = {
    calls: 0,
    recorded: 0,
    sent: 0,
    pending: 0,
    dropped: { cardinality: 0, ended: 0, oversize: 0 },
  };
  for (const { calls, stats } of last.values()) {
    total.calls += calls;
    for (const field of ['recorded', 'sent', 'pending']) total[field] += stats[field];
    for (const reason of Object.keys(total.dropped)) total.dropped[reason] += stats.dropped[reason];
  }
  expect(total.calls, `what it recorded, by ${stdout}`).to.be.above(0);
  return total;
}

/** As `programs/app.cjs` records: each gauge is set once, each member added once. */
function samplesIn({ counters, gauges, timers, sets }) {
  let samples = gauges.size;
  for (const value of counters.values()) samples += value;
  for (const { count } of timers.values()) samples += count;
  for (const members of sets.values()) samples += members.size;
  return samples;
}

/** Whether a version of Node.js, as `v22.15.0`, or another runtime, as `bun 1.4.5`, has an end. */
export function isIn(version, { since = '0.0.0', elsewhere = {} }) {
  const [runtime, number] = version.split(' ');
  if (number !== undefined) return elsewhere[runtime] !== null;
  const numbers = (text) => text.replace('v', '').split('.').map(Number);
  const [wanted, found] = [numbers(since), numbers(version)];
  const at = wanted.findIndex((number, i) => number !== found[i]);
  return at === -1 || found[at] > wanted[at];
}
