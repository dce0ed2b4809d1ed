import { MAX_NAME_BYTES, cleanMember, nameProblem } from '../text/name.js';
import { Metric } from './metric.js';
import { SealedSet } from './sealed.js';
import type { SetView } from './view.js';

/** Distinct members; their number is what the collector reports. */
export class UniqueSet extends Metric implements SetView {
  static readonly sample: string = `the member (a number, or a string of 1 to ${MAX_NAME_BYTES} bytes)`;
  #members = new Set<string>();

  get kind(): 'set' {
    return 'set';
  }

  get from(): number {
    return 0;
  }

  /** Adds a member: a number, or a string of 1 to 512 bytes. At most `maxSamples` distinct ones are kept until the set is sent. */
  add(member: string | number): void {
    // One that is there already is as it should be.
    if (!this.#members.has(member as string) && !this.#admit(member)) return;
    this.countCalls(1);
  }

  /** Whether this member is in the set as it is written. */
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

  /** Hands the members over to a view of its own, of which a part has left, and starts afresh. */
  seal(): SealedSet {
    const sealed = new SealedSet(this, this.calls);
    this.clear();
    return sealed;
  }
}
