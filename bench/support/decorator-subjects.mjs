// What decorators.mjs decorates, and how it is called. Each case compiles its own copy of both.
import { compileAnew } from './compile-anew.mjs';

/** Eight in turn: with one object V8 merges what a loop's turns do to it, which it can't in an app. */
const OBJECTS = 8;

/** Small integers only, so that no number is boxed but by a decorator. */
const cartClass = () =>
  class Cart {
    items = 0;

    add(quantity) {
      this.items = (this.items + quantity) & 0xffff;
      return this.items;
    }

    async save(quantity) {
      this.items = (this.items + quantity) & 0xffff;
      return this.items;
    }

    *list() {
      for (let i = 0; i < 10; i++) yield i;
    }
  };

/** Eight objects of one class, which `decorate` is given. */
export function carts(decorate = () => {}) {
  const Cart = compileAnew(cartClass)();
  decorate(Cart);
  return Array.from({ length: OBJECTS }, () => new Cart());
}

/** Eight objects, each of a class with methods of its own; `decorate` is given each class, and its number. */
export function cartsOfEightClasses(decorate = () => {}) {
  return Array.from({ length: OBJECTS }, (_, at) => carts((Cart) => decorate(Cart, at))[0]);
}

// The ways to call. Each adds up what it gets, so that nothing can be left out as unused.

const adding = (objects) => {
  let at = 0;
  let sum = 0;
  return () => {
    at = (at + 1) & 7;
    sum = (sum + objects[at].add(3)) & 0xffff;
    return sum;
  };
};

const addingBetweenClockReads = (objects) => {
  let at = 0;
  let sum = 0;
  const ms = { sum: 0.5 };
  return () => {
    at = (at + 1) & 7;
    const begin = performance.now();
    sum = (sum + objects[at].add(3)) & 0xffff;
    ms.sum += performance.now() - begin;
    return sum;
  };
};

const saving = (objects) => {
  let at = 0;
  return () => {
    at = (at + 1) & 7;
    return objects[at].save(3);
  };
};

const savingBetweenClockReads = (objects) => {
  let at = 0;
  const ms = { sum: 0.5 };
  return () => {
    at = (at + 1) & 7;
    const begin = performance.now();
    const saved = objects[at].save(3);
    ms.sum += performance.now() - begin;
    return saved;
  };
};

const savingWithDerivedPromise = (objects) => {
  let at = 0;
  const ms = { sum: 0.5 };
  return () => {
    at = (at + 1) & 7;
    const begin = performance.now();
    return objects[at].save(3).then(
      (value) => {
        ms.sum += performance.now() - begin;
        return value;
      },
      (error) => {
        ms.sum += performance.now() - begin;
        throw error;
      },
    );
  };
};

const listing = (objects) => {
  let at = 0;
  let sum = 0;
  return () => {
    at = (at + 1) & 7;
    for (const item of objects[at].list()) sum = (sum + item) & 0xffff;
    return sum;
  };
};

const calling = (functions) => {
  let at = 0;
  let sum = 0;
  return () => {
    at = (at + 1) & 7;
    sum = (sum + functions[at](3)) & 0xffff;
    return sum;
  };
};

const awaiting = (functions) => {
  let at = 0;
  return () => {
    at = (at + 1) & 7;
    return functions[at](3);
  };
};

export const add = (objects) => compileAnew(adding)(objects);
export const addTimed = (objects) => compileAnew(addingBetweenClockReads)(objects);
export const save = (objects) => compileAnew(saving)(objects);
export const saveTimed = (objects) => compileAnew(savingBetweenClockReads)(objects);
export const saveDerived = (objects) => compileAnew(savingWithDerivedPromise)(objects);
export const list = (objects) => compileAnew(listing)(objects);
export const call = (functions) => compileAnew(calling)(functions);
export const callAsync = (functions) => compileAnew(awaiting)(functions);
