import { useCleanup } from './cleanup.js';
import { useDirectories } from './directories.js';
import { UdpReceiver, type UdpReceiverOptions } from './udp-receiver.js';
import { UnixReceiver } from './unix-receiver.js';

export interface Receivers {
  udp(options?: UdpReceiverOptions): Promise<UdpReceiver>;
  /** @param at - the path of its socket; by default one that nobody has. */
  unix(at?: string): UnixReceiver;
  /** A path for a UNIX socket, in a directory of its own. */
  socketPath(): string;
}

/** To be called in a `describe`: its tests' receivers are closed, and their sockets' paths removed, after the test. */
export function useReceivers(): Receivers {
  const newDirectory = useDirectories();
  const later = useCleanup();
  const socketPath = (): string => `${newDirectory()}/dsd.socket`;
  return {
    socketPath,
    async udp(options) {
      const receiver = await UdpReceiver.open(options);
      later(() => receiver.close());
      return receiver;
    },
    unix(at = socketPath()) {
      const receiver = new UnixReceiver(at);
      later(() => receiver.remove());
      return receiver;
    },
  };
}
