/** Members that all sets together hold at most in a step: 100,000 numbers, about 4 MB. */
const MOST_MEMBERS = 100_000;

/** The room for members that all sets share. */
export class MemberRoom {
  /** How many members are held. */
  held = 0;
  readonly #most: number;

  constructor(most: number = MOST_MEMBERS) {
    this.#most = most;
  }

  get isFull(): boolean {
    return this.held >= this.#most;
  }
}

/** Counts the distinct members of a step. It keeps no text of a member, only a number of 53 bits that is made of it. */
export class MemberCount {
  readonly #members = new Set<number>();
  readonly #room: MemberRoom;

  constructor(room: MemberRoom) {
    this.#room = room;
  }

  get size(): number {
    return this.#members.size;
  }

  /** Counts a member. While the room is full, a new one isn't counted. */
  add(hash: number): void {
    if (this.#room.isFull || this.#members.has(hash)) return;
    this.#members.add(hash);
    this.#room.held++;
  }

  /** Counts all members of another one. */
  copy(other: MemberCount): void {
    for (const member of other.#members) this.add(member);
  }

  clear(): void {
    this.#room.held -= this.#members.size;
    this.#members.clear();
  }
}

const [FNV_OFFSET, FNV_PRIME] = [0x81_1c_9d_c5, 0x01_00_01_93];

/** A number of 53 bits that two texts have in common by rare chance only: FNV-1a, beside a second one that mixes in another way. */
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
