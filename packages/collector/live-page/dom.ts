type Child = Node | string | undefined | false;
type Properties<T> = Partial<Omit<T, 'style' | 'dataset' | 'children'>> & { readonly attributes?: never };

/** Makes an element. Text is always text, never markup. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties<HTMLElementTagNameMap[K]> & {
    readonly aria?: Readonly<Record<string, string>>;
  } = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  const { aria = {}, ...own } = properties;
  Object.assign(element, own);
  for (const [name, value] of Object.entries(aria)) element.setAttribute(name, value);
  for (const child of children) if (child !== undefined && child !== false) element.append(child);
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';

export function svg(tag: string, attributes: Readonly<Record<string, string>>): SVGElement {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

/** Changes a text only if it is another one: the browser has less to do, and a screen reader nothing to say. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Like `setText`, for a name: a line may end behind its separators. */
export function setName(element: Element, text: string): void {
  if (element.textContent === text) return;
  const parts = text.split(/(?<=[/._,-])(?=[^/._,-])/);
  element.replaceChildren(
    ...parts.flatMap((part, at) => (at === 0 ? [part] : [document.createElement('wbr'), part])),
  );
}

/** Puts elements in this order into a parent, and takes out all others. What is in its place stays, with its focus. */
export function arrange(parent: Element, children: readonly Element[]): void {
  const wanted = new Set<Element>(children);
  for (const child of Array.from(parent.children)) if (!wanted.has(child)) child.remove();
  let at = parent.firstElementChild;
  for (const child of children) {
    if (child === at) at = at.nextElementSibling;
    else parent.insertBefore(child, at);
  }
}

/** Elements by a key, which are made once and found again. */
export class Keyed<T> {
  #parts = new Map<string, T>();
  readonly #make: (key: string) => T;

  constructor(make: (key: string) => T) {
    this.#make = make;
  }

  /** The parts of these keys; all others are forgotten. */
  of(keys: readonly string[]): T[] {
    const before = this.#parts;
    this.#parts = new Map();
    return keys.map((key) => {
      const part = before.get(key) ?? this.#make(key);
      this.#parts.set(key, part);
      return part;
    });
  }
}
