import type { Metric } from '../metric/metric.js';
import type { Family } from './family.js';
import { type Tag, type Tags, isTagsObject } from '../text/tags.js';

/** Places in tries that are kept, for each metric that there can be: one for each of its tags, written in a few ways. */
const NODES_PER_METRIC = 8;

// V8 knows that it is true of the keys of an object that inherits none, and leaves it out.
// oxlint-disable-next-line typescript/unbound-method -- it is called on each object
const isOwn = Object.prototype.hasOwnProperty;

/** Finds the metrics of one kind by what a call gives, before anything is made of it: a name, or a name and a tags object. */
export class Lookup<M extends Metric> {
  /** Metrics without tags of their own, by name as it is given. */
  readonly byName: ReadonlyMap<unknown, M>;
  /** `byName`, when it is not the registry's own. */
  readonly #names: Map<unknown, M> | undefined;
  readonly #tries = new Map<string, Node<M>>();
  #nodes = 0;

  readonly #family: Pick<Family<M>, 'given'> | undefined;

  /** @param family - of the registry, if calls give names as the registry has them. */
  constructor(family?: Pick<Family<M>, 'plain' | 'given'>) {
    this.#family = family;
    if (family === undefined) this.byName = this.#names = new Map();
    else this.byName = family.given ?? family.plain;
  }

  /**
   * The metric of this name and these tags if they were given in this way before. No string is made for it: each name has
   * a trie, whose branches are the values of the tags in the order in which the object has them.
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
      // What are no tags, as a Map, would pass for an object without any.
      if (none && !isTagsObject(tags)) return undefined;
      return node?.metric;
    } catch {
      return undefined; // a getter has thrown, or options are none at all: the way in for bad input deals with it
    }
  }

  /** The same for tags as they are read from a message. No tags object has a key twice, so a list that has one is not found. */
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
   * @param maxMetrics - how many metrics there can be; when far more ways of writing them were noted, it begins afresh.
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

/** A place in a trie: the metric of the tags up to here, and the values of the next one. */
interface Node<M> {
  metric: M | undefined;
  /** The key of the next tag. Calls for one name mostly agree on it; the keys that others go on with are in `others`. */
  key: string | undefined;
  values: Map<unknown, Node<M>> | undefined;
  others: Map<string, Map<unknown, Node<M>>> | undefined;
}
