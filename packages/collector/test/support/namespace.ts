/** The arguments of `unshare` that run a shell script with POSIX message queues of its own, and a `msg_max` for them. */
export function inNamespace(msgMax: number, script: string, ...args: readonly string[]): string[] {
  const mount = 'mkdir -p /dev/mqueue && mount -t mqueue none /dev/mqueue';
  const limit = `echo ${msgMax} > /proc/sys/fs/mqueue/msg_max`;
  return ['--ipc', '--mount', 'sh', '-c', `${mount} && ${limit} && ${script}`, 'sh', ...args];
}
