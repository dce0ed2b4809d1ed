import { MAX_NAME_BYTES, cleanMember, nameProblem } from '../text/name.js';
import { Metric } from './metric.js';
import { SealedSet } from './sealed.js';
import type { SetView } from './view.js';

/** Distinct members. The collector reports their number. */
export class UniqueSet extends Metric implements SetView {
  static readonly sample: string = `the member (a number, or a string of 1 to ${MAX_NAME_BYTES} bytes)`;
  #members = new Set<string>();

  get kind(): 'set' {
    return 'set';
  }

  get from(): number {
    return 0;
  }

  /**
   * Adds a member: a number, or a string of 1 to 512 bytes. At most `maxSamples` distinct members are kept until the set is sent.
   */
  add(member: string | number): void {
    // A member already in the set was checked when it was added.
    if (!this.#members.has(member as string) && !this.#admit(member)) return;
    this.countCalls(1);
  }

  /** Whether the set has this member, spelled exactly like this. */
  has(member: string): boolean {
    return this.#members.has(member);
  }

  #admit(member: string | number): boolean {
    if (!UniqueSet.accepts(member)) {
      this.owner.rejected(UniqueSet.sample, this.name, member);
      return false;
    }
    const clean = cleanMember(String(member));
    if (this.#members.size >= this.owner.maxSamples && !this.#members.has(clean)) {
      this.owner.overLimit(this);
      return false;
    }
    this.#members.add(clean);
    return true;
  }

  static accepts(member: unknown): boolean {
    return Number.isFinite(member) || nameProblem(member) === undefined;
  }

  get members(): readonly string[] {
    return [...this.#members];
  }

  clear(): number {
    this.#members.clear();
    return this.forgetCalls();
  }

  handOver(other: UniqueSet): void {
    const [member] = this.#members;
    this.clear();
    other.add(member!);
  }

  /** Moves the members to a view, because some of them have left. This set is empty afterwards. */
  seal(): SealedSet {
    const sealed = new SealedSet(this, this.calls);
    this.clear();
    return sealed;
  }
}
