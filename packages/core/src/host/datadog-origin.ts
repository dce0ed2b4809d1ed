import { readFileSync, statSync } from 'node:fs';

/** Where the lines of this process come from, as the Datadog Agent wants to hear it. */
export interface DatadogOrigin {
  /** The id of the container, or `in-` and the inode of its cgroup, which the Agent can look up, too. */
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

/** Docker's and containerd's ids, those of ECS, and those of Garden, at the end of a cgroup's path. */
const CONTAINER_ID = /([0-9a-f]{64}|[0-9a-f]{32}-\d+|[0-9a-f]{8}(?:-[0-9a-f]{4}){4})(?:\.scope)?$/;
/** The inode of the host's own namespace of cgroups, the same on each machine. */
const HOST_NAMESPACE_INODE = 0xef_ff_ff_fb;

/** Folders of the system. */
export interface SystemFiles {
  /** What it says of a process. */
  readonly proc: string;
  /** Its groups of processes. */
  readonly cgroups: string;
}

/** What this process can find out about where it runs. */
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
 * The id of the container that this process runs in; undefined where it runs in none, or isn't on Linux.
 *
 * @param files - Where the system's files are. Default: where Linux has them.
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

/** In a namespace of its own a container sees `/` in place of its id. Then the inode of its cgroup stands for it. */
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
