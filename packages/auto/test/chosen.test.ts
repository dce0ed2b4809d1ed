import { expect } from 'chai';
import { describe, it } from 'mocha';
import { PARTS, chosenParts } from '../src/chosen.js';
import { sqlVerb } from '../src/sql.js';
import { useAutoPrograms } from './support/run.js';

const SERVERS = ['express', 'fastify', 'hono', 'http', 'koa'];

describe('AFSTATSD_AUTO', () => {
  const run = useAutoPrograms();

  it('asks for everything when it is not there, empty, or true', () => {
    for (const text of [undefined, '', ' ', '1', 'on', 'true'])
      expect(chosenParts(text), text).to.equal(PARTS);
  });

  it('asks for nothing when it is false', () => {
    for (const text of ['0', 'off', 'false', 'no']) expect(chosenParts(text), text).to.deep.equal([]);
  });

  it('asks only for the parts that it names, where http stands for the frameworks too', () => {
    expect(chosenParts('pg, http')).to.have.members([...SERVERS, 'pg']);
    expect(chosenParts('koa')).to.deep.equal(['koa']);
  });

  it('asks for all but the parts with a minus', () => {
    expect(chosenParts('-runtime,-http')).to.have.members(
      PARTS.filter((part) => part !== 'runtime' && !SERVERS.includes(part)),
    );
    expect(chosenParts('http,-koa')).to.have.members(SERVERS.filter((part) => part !== 'koa'));
  });

  it('warns once of a part that there is not, and the others count', async () => {
    const { code, stdout, stderr } = await run('parts.cjs', { env: { AFSTATSD_AUTO: 'pg,oracle,db2' } });
    expect({ code, stdout }).to.deep.equal({ code: 0, stdout: '["pg"]\n' });
    expect(stderr.match(/names the part/g)).to.have.length(1);
    expect(stderr).to.contain('AFSTATSD_AUTO names the part "oracle", which there isn\'t');
  });
});

describe('A part of its own', () => {
  const run = useAutoPrograms();

  it('is loaded without the others', async () => {
    for (const part of PARTS) {
      const { code, stderr } = await run('alone.cjs', {
        flags: ['--import', `@afstatsd/auto/${part}`],
        args: [part],
      });
      expect({ part, code, stderr }).to.deep.equal({ part, code: 0, stderr: '' });
    }
  });
});

describe('The operation of a statement', () => {
  const cases: [unknown, string][] = [
    ['SELECT 1', 'select'],
    ['\n  -- all of them\n  select * from a', 'select'],
    ['/* who: 7 */ (SELECT 1) UNION (SELECT 2)', 'select'],
    ['/* a *//* b */insert into a values (1)', 'insert'],
    ['# mine\nUPDATE a SET b = 1', 'update'],
    ['WITH x AS (SELECT 1) DELETE FROM a', 'with'],
    ["'secret'", 'other'],
    ['drop_everything(1)', 'other'],
    ['hunter2', 'other'],
    ['', 'other'],
    ['/* without an end', 'other'],
    [undefined, 'other'],
    [{ sql: 'select' }, 'other'],
  ];
  for (const [statement, verb] of cases) {
    it(`${JSON.stringify(statement)} is ${verb}`, () => {
      expect(sqlVerb(statement)).to.equal(verb);
    });
  }

  it('is found in a time that grows with the text looked at, whatever the text is', () => {
    for (const text of ['/*'.repeat(100_000), '-- \n'.repeat(100_000), '('.repeat(100_000)]) {
      expect(sqlVerb(text)).to.equal('other');
    }
  });
});
