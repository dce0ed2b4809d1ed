import { mkdirSync, writeFileSync, statSync } from 'node:fs';
import { useClients, useDirectories } from '@afstatsd/testing';
import { expect } from 'chai';
import { containerId, datadogOrigin } from '../../src/host/datadog-origin.js';
import { makeFormat } from '../../src/wire/formats.js';
import { FormatTransport } from '../support/format-transport.js';

const ID = 'a1b2c3d4'.repeat(8);

describe('where a process runs, for Datadog', () => {
  const newDirectory = useDirectories();
  const makeClient = useClients();

  function idOf(cgroup: string, folder = ''): string | undefined {
    const [proc, cgroups] = [newDirectory(), newDirectory()];
    mkdirSync(`${proc}/ns`);
    writeFileSync(`${proc}/ns/cgroup`, '');
    writeFileSync(`${proc}/cgroup`, cgroup);
    if (folder !== '') mkdirSync(`${cgroups}${folder}`, { recursive: true });
    const id = containerId({ proc, cgroups });
    if (id?.startsWith('in-') === true) expect(id).to.equal(`in-${statSync(`${cgroups}${folder}`).ino}`);
    return id?.replace(/^in-\d+$/, 'in');
  }

  it('finds the id of the container in each form', () => {
    expect(idOf(`12:pids:/docker/${ID}\n`)).to.equal(ID);
    expect(idOf(`0::/kubepods.slice/kubepods-pod1234.slice/cri-containerd-${ID}.scope`)).to.equal(ID);
    expect(idOf(`9:cpu:/ecs/task/${ID.slice(0, 32)}-1234567890`)).to.equal(`${ID.slice(0, 32)}-1234567890`);
    expect(idOf('1:name=systemd:/34dc0b5e-626f-2c5c-4c51-70e3')).to.equal('34dc0b5e-626f-2c5c-4c51-70e3');
  });

  it('takes the inode of its group where a container sees no id', () => {
    expect(idOf('0::/\n', '/')).to.equal('in');
    expect(idOf('4:memory:/a\n', '/memory/a')).to.equal('in');
  });

  it('is none where there is nothing to find', () => {
    expect(idOf('')).to.equal(undefined);
    expect(idOf('4:cpu:/a\n')).to.equal(undefined);
    expect(containerId({ proc: '/nowhere', cgroups: '/nowhere' })).to.equal(undefined);
  });

  it('reads the variables, and leaves out what may not stand on a line', () => {
    const env = { DD_ENTITY_ID: 'pod', DD_EXTERNAL_ENV: ' it-1|\n', DD_CARDINALITY: 'LOW' };
    expect(datadogOrigin(env)).to.deep.include({ entityId: 'pod', externalData: 'it-1', cardinality: 'low' });
    expect(datadogOrigin({ DD_CARDINALITY: 'many' }).cardinality).to.equal(undefined);
  });

  it('is written behind the tags of each line, and a metric’s own cardinality wins', async () => {
    const format = makeFormat('dogstatsd', { containerId: 'abc', externalData: 'it', cardinality: 'low' });
    const transport = new FormatTransport(format);
    const { statsd } = makeClient({ transport, service: false, env: 'prod', version: '7' });
    statsd.increment('a');
    statsd.gauge('b', -1, { tags: { x: 'y', 'dd.internal.card': 'none' } });
    await statsd.flush();
    expect(transport.messages.join('\n').split('\n')).to.deep.equal([
      'a:1|c|#env:prod,version:7|c:abc|e:it|card:low',
      'b:0|g|#x:y,env:prod,version:7|c:abc|e:it|card:none',
      'b:-1|g|#x:y,env:prod,version:7|c:abc|e:it|card:none',
    ]);
  });
});
