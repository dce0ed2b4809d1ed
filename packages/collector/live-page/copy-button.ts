import { el, setText } from './dom.js';

/** How long it says that it has copied, in ms. */
const SAID_MS = 2_000;

/** A button that copies a text. */
export function copyButton(label: string, text: () => string): HTMLElement {
  const button = el('button', { type: 'button', textContent: label });
  const say = (said: string): void => {
    setText(button, said);
    setTimeout(() => setText(button, label), SAID_MS);
  };
  button.addEventListener('click', () => {
    copy(text()).then(
      () => say('Copied'),
      () => say('Not allowed'),
    );
  });
  return button;
}

/** Without HTTPS, browsers have a clipboard only on loopback; elsewhere the old way still works. */
async function copy(text: string): Promise<void> {
  if (navigator.clipboard !== undefined) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const area = el('textarea', { value: text, className: 'unseen' });
  document.body.append(area);
  area.select();
  // oxlint-disable-next-line typescript/no-deprecated -- there is no other way without HTTPS
  const hasCopied = document.execCommand('copy');
  area.remove();
  if (!hasCopied) throw new Error('the browser refuses to copy');
}
