import { readFileSync, statSync } from 'node:fs';

/** The origin of this process's lines, in the form that the Datadog Agent reads. */
export interface DatadogOrigin {
  /** The id of the container, or `in-` and the inode of its cgroup. The Agent can look up both. */
  readonly containerId: string | undefined;
  /** `DD_ENTITY_ID`: the uid of the pod. */
  readonly entityId: string | undefined;
  /** `DD_EXTERNAL_ENV`: data that the Agent's admission controller has given to the pod. */
  readonly externalData: string | undefined;
  /** `DD_CARDINALITY`: which tags of the container the Agent adds. */
  readonly cardinality: string | undefined;
}

/** The values of `cardinality`. */
export const CARDINALITIES: readonly string[] = ['none', 'low', 'orchestrator', 'high'];

/** Ids of containers at the end of a cgroup's path: those of Docker and containerd, of ECS, and of Garden. */
const CONTAINER_ID = /([0-9a-f]{64}|[0-9a-f]{32}-\d+|[0-9a-f]{8}(?:-[0-9a-f]{4}){4})(?:\.scope)?$/;
/** The inode of the host's own cgroup namespace. It is the same on each machine. */
const HOST_NAMESPACE_INODE = 0xef_ff_ff_fb;

/** Folders of the system. */
export interface SystemFiles {
  /** The folder of a process, such as `/proc/self`. */
  readonly proc: string;
  /** The folder of cgroups. */
  readonly cgroups: string;
}

/** Reads the origin from the environment and the system's files. */
export function datadogOrigin(env: NodeJS.ProcessEnv = process.env): DatadogOrigin {
  const cardinality = (env['DD_CARDINALITY'] || env['DATADOG_CARDINALITY'])?.toLowerCase();
  return {
    containerId: containerId(),
    entityId: env['DD_ENTITY_ID'] || undefined,
    // oxlint-disable-next-line eslint/no-control-regex -- none may stand on a line
    externalData: env['DD_EXTERNAL_ENV']?.trim().replace(/[\0-\x1f|]+/g, '') || undefined,
    cardinality: cardinality !== undefined && CARDINALITIES.includes(cardinality) ? cardinality : undefined,
  };
}

/**
 * The id of this process's container. Undefined outside of a container, and on other systems than Linux.
 *
 * @param files - The folders of the system. Default: those of Linux.
 */
export function containerId(
  files: SystemFiles = { proc: '/proc/self', cgroups: '/sys/fs/cgroup' },
): string | undefined {
  try {
    const cgroup = readFileSync(`${files.proc}/cgroup`, 'latin1');
    return idIn(cgroup) ?? inodeOf(cgroup, files);
  } catch {
    return undefined;
  }
}

function idIn(cgroup: string): string | undefined {
  for (const line of cgroup.split('\n')) {
    const id = CONTAINER_ID.exec(line)?.[1];
    if (id !== undefined) return id;
  }
  return undefined;
}

/** The inode of the cgroup. It stands for the id, because a container with its own namespace sees `/` instead of its id. */
function inodeOf(cgroup: string, { proc, cgroups }: SystemFiles): string | undefined {
  if (statSync(`${proc}/ns/cgroup`).ino === HOST_NAMESPACE_INODE) return undefined;
  for (const line of cgroup.split('\n')) {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (controllers === undefined || (controllers !== '' && !controllers.split(',').includes('memory')))
      continue;
    const { ino } = statSync(`${cgroups}${controllers === '' ? '' : '/memory'}${path}`, { bigint: true });
    if (ino > 2n) return `in-${ino}`;
  }
  return undefined;
}
