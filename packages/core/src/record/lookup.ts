import type { Metric } from '../metric/metric.js';
import type { Family } from './family.js';
import { type Tag, type Tags, isTagsObject } from '../text/tags.js';

/** Trie nodes allowed per metric: one per tag, for a few orders of writing them. */
const NODES_PER_METRIC = 8;

// V8 leaves this call out for an object that inherits no keys, because it knows the answer.
// oxlint-disable-next-line typescript/unbound-method -- it is called on each object
const isOwn = Object.prototype.hasOwnProperty;

/** Finds the metrics of one kind by the raw arguments of a call: a name, or a name and a tags object. It builds no key. */
export class Lookup<M extends Metric> {
  /** Metrics of calls without tags, by the name as the call passes it. */
  readonly byName: ReadonlyMap<unknown, M>;
  /** `byName`, if the map belongs to this lookup and not to the registry. */
  readonly #names: Map<unknown, M> | undefined;
  readonly #tries = new Map<string, Node<M>>();
  #nodes = 0;

  readonly #family: Pick<Family<M>, 'given'> | undefined;

  /** @param family - the registry's family. Only for calls whose names are those of the registry. */
  constructor(family?: Pick<Family<M>, 'plain' | 'given'>) {
    this.#family = family;
    if (family === undefined) this.byName = this.#names = new Map();
    else this.byName = family.given ?? family.plain;
  }

  /**
   * Returns the metric, if a call passed the same name and the same tags in the same order before. It builds no string. Each name
   * has a trie, whose branches are the values of the tags in the object's order.
   */
  byTags(name: unknown, options: unknown): M | undefined {
    try {
      const { tags, sampleRate } = options as { tags?: Tags; sampleRate?: number };
      if (typeof tags !== 'object' || tags === null || Array.isArray(tags) || sampleRate !== undefined)
        return undefined;
      let node = this.#tries.get(name as string);
      let none = true;
      for (const key in tags) {
        if (!isOwn.call(tags, key)) continue;
        if (node === undefined) return undefined;
        none = false;
        node = (node.key === key ? node.values : node.others?.get(key))?.get(tags[key]);
      }
      // A Map has no enumerable keys and would look like `{}`.
      if (none && !isTagsObject(tags)) return undefined;
      return node?.metric;
    } catch {
      return undefined; // a getter threw, or `options` isn't an object: the slow way handles bad input
    }
  }

  /** The same for the tags of a received message. A list with a repeated key isn't found, because no tags object has one. */
  byTagList(name: string, tags: readonly Tag[]): M | undefined {
    let node = this.#tries.get(name);
    for (const [key, value] of tags) {
      if (node === undefined) return undefined;
      node = (node.key === key ? node.values : node.others?.get(key))?.get(value);
    }
    return node?.metric;
  }

  /**
   * Notes the metric of a name and a tags object.
   *
   * @param maxMetrics - how many metrics there can be. It bounds the memory: the tries are cleared when they have far more nodes.
   */
  remember(name: string, tags: Tags | undefined, metric: M, maxMetrics: number): void {
    if (tags === undefined) {
      const names = this.#names ?? this.#family?.given;
      if (names === undefined) return;
      if (names.size >= maxMetrics) names.clear();
      names.set(name, metric);
      return;
    }
    if (this.#nodes >= maxMetrics * NODES_PER_METRIC) {
      this.#tries.clear();
      this.#nodes = 0;
    }
    let node = this.#child(this.#tries, name);
    for (const key of Object.keys(tags)) {
      node.key ??= key;
      if (node.key === key) node = this.#child((node.values ??= new Map()), tags[key]);
      else {
        node.others ??= new Map();
        let values = node.others.get(key);
        if (values === undefined) node.others.set(key, (values = new Map()));
        node = this.#child(values, tags[key]);
      }
    }
    node.metric = metric;
  }

  #child<K>(children: Map<K, Node<M>>, key: K): Node<M> {
    let child = children.get(key);
    if (child === undefined) {
      child = { metric: undefined, key: undefined, values: undefined, others: undefined };
      children.set(key, child);
      this.#nodes++;
    }
    return child;
  }
}

/** A node of a trie: the metric of the tags so far, and the nodes for the values of the next tag. */
interface Node<M> {
  metric: M | undefined;
  /** The key of the next tag. Most calls of one name have the same key here. Other keys are in `others`. */
  key: string | undefined;
  values: Map<unknown, Node<M>> | undefined;
  others: Map<string, Map<unknown, Node<M>>> | undefined;
}
