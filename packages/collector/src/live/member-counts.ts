/** The most members that all sets together hold in a step. 100,000 numbers take about 4 MB. */
const MOST_MEMBERS = 100_000;

/** The room for members that all sets share. */
export class MemberRoom {
  /** The number of members that all sets hold. */
  held = 0;
  readonly #most: number;

  constructor(most: number = MOST_MEMBERS) {
    this.#most = most;
  }

  get isFull(): boolean {
    return this.held >= this.#most;
  }
}

/** Counts the distinct members of a step. Only a hash of 53 bits is kept of each member, not its text. */
export class MemberCount {
  readonly #members = new Set<number>();
  readonly #room: MemberRoom;

  constructor(room: MemberRoom) {
    this.#room = room;
  }

  get size(): number {
    return this.#members.size;
  }

  /** Counts a member. While the room is full, a new member isn't counted. */
  add(hash: number): void {
    if (this.#room.isFull || this.#members.has(hash)) return;
    this.#members.add(hash);
    this.#room.held++;
  }

  /** Counts all members of another count. */
  copy(other: MemberCount): void {
    for (const member of other.#members) this.add(member);
  }

  clear(): void {
    this.#room.held -= this.#members.size;
    this.#members.clear();
  }
}

const [FNV_OFFSET, FNV_PRIME] = [0x81_1c_9d_c5, 0x01_00_01_93];

/** A hash of 53 bits, so that two texts hardly ever have the same. It is FNV-1a beside a second hash that mixes differently. */
export function hashOf(text: string): number {
  let [low, high] = [FNV_OFFSET, 0];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    low = Math.imul(low ^ code, FNV_PRIME);
    high = Math.imul((high ^ (high >>> 15)) + code + 1, 0x2c_1b_3c_6d);
  }
  high ^= high >>> 13;
  return (high & 0x1f_ff_ff) * 2 ** 32 + (low >>> 0);
}
