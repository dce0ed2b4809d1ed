import { el } from './dom.js';

/** A field of a form with its label. The field has an id. */
export function field(label: string, control: HTMLElement): HTMLElement {
  return el(
    'span',
    { className: 'field' },
    el('label', { htmlFor: control.id, textContent: label }),
    control,
  );
}
