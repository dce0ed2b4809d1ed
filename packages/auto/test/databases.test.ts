import { describeWith, useMariaDB, usePostgresql, useRedis } from '@afstatsd/testing';
import { expect } from 'chai';
import { it } from 'mocha';
import { useAutoPrograms } from './support/run.js';

type Run = ReturnType<typeof useAutoPrograms>;

/** Has a program that uses a server record exactly this. */
async function records(
  run: Run,
  program: string,
  server: string,
  expected: object,
  ...more: string[]
): Promise<void> {
  const args = [server, JSON.stringify(expected), ...more];
  const { code, stdout, stderr } = await run(program, { args });
  expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).to.deep.equal(expected);
}

describeWith('postgresql', 'Queries of pg', () => {
  const start = usePostgresql();
  const run = useAutoPrograms();

  it('are recorded by operation and outcome, and are what they were', async () => {
    await records(run, 'pg.mjs', await start(), {
      'timer db.client.operation create success postgresql': 1,
      'timer db.client.operation insert success postgresql': 1,
      'timer db.client.operation select success postgresql': 6,
      'timer db.client.operation select failure postgresql': 3,
      'timer db.client.operation do success postgresql': 1,
    });
  });
});

describeWith('mariadb', 'Queries of mysql2', () => {
  const start = useMariaDB();
  const run = useAutoPrograms();

  it('are recorded by operation and outcome, and are what they were', async () => {
    await records(run, 'mysql2.mjs', await start(), {
      'timer db.client.operation create success mysql': 2,
      'timer db.client.operation insert success mysql': 1,
      'timer db.client.operation select success mysql': 1,
      'timer db.client.operation select failure mysql': 3,
    });
  });
});

describeWith('redis', 'Commands of ioredis', () => {
  const start = useRedis();
  const run = useAutoPrograms();

  for (const version of ['ioredis', 'ioredis-5']) {
    it(`are recorded by name and outcome, and are what they were: ${version}`, async () => {
      const expected = {
        'timer db.client.operation set success redis': 3,
        'timer db.client.operation get success redis': 3,
        'timer db.client.operation get failure redis': 1,
        'timer db.client.operation incr success redis': 1,
        'timer db.client.operation incr failure redis': 1,
        'timer db.client.operation hget failure redis': 1,
        'timer db.client.operation multi success redis': 1,
        'timer db.client.operation exec success redis': 1,
        'timer db.client.operation eval success redis': 1,
      };
      await records(run, 'ioredis.mjs', await start(), expected, version);
    });
  }

  it('whose rejections nobody handles end the process, as they do without', async () => {
    const socket = await start();
    for (const flags of [[], ['--import', '@afstatsd/auto']]) {
      const { code, stdout, stderr } = await run('unhandled.cjs', { flags, args: [socket] });
      expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
      expect(stderr).to.contain('not an integer');
    }
  });
});

describeWith('redis', 'Jobs of BullMQ', () => {
  const start = useRedis();
  const run = useAutoPrograms();

  it('are recorded by queue, name and outcome', async () => {
    await records(run, 'bullmq.cjs', await start(), {
      'timer queue.job welcome success mails': 1,
      'timer queue.job refused failure mails': 1,
      'timer queue.job later cancelled mails': 1,
      'timer queue.job later success mails': 1,
    });
  });
});
