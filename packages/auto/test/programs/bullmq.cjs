// node --import @afstatsd/auto bullmq.cjs SOCKET EXPECTED: jobs that succeed, fail and are put off.
const assert = require('node:assert/strict');
const { once } = require('node:events');
const { DelayedError, Queue, Worker } = require('bullmq');
const { becomes, print } = require('./recorded.cjs');

const [, , path, expected] = process.argv;
const connection = { path };

async function main() {
  const queue = new Queue('mails', { connection });
  const done = [];
  const worker = new Worker(
    'mails',
    async (job, token) => {
      if (job.name === 'refused') throw new Error('nobody to write to');
      if (job.name === 'later' && job.attemptsStarted === 1) {
        await job.moveToDelayed(Date.now() + 1, token);
        throw new DelayedError();
      }
      return job.data.to;
    },
    { connection },
  );
  worker.on('completed', (job, result) => done.push([job.name, result]));
  worker.on('failed', (job, error) => done.push([job.name, error.message]));
  await queue.add('welcome', { to: 'ann' });
  await queue.add('refused', {});
  await queue.add('later', { to: 'bob' });
  while (done.length < 3) await Promise.race([once(worker, 'completed'), once(worker, 'failed')]);
  assert.deepEqual(
    done.sort(([a], [b]) => (a < b ? -1 : 1)),
    [
      ['later', 'bob'],
      ['refused', 'nobody to write to'],
      ['welcome', 'ann'],
    ],
  );
  await becomes(JSON.parse(expected), 'queue.');
  await worker.close();
  await queue.close();
  await print('queue.');
}

void main();
