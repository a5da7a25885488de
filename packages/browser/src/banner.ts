import type { ConsentChoices, Site } from '@vedette/contract';
import { on } from './guard.ts';

/** What the banner is opened with. */
export interface Question {
  site: Site;
  /** What the switches show at first. */
  chosen: ConsentChoices | undefined;
  /** Whether the browser asks not to be tracked; the banner then says that this is heeded. */
  objection: boolean;
  /** Whether the person asked for it: the switches are open then, and the focus goes to it. */
  reopened: boolean;
  answer(choices: ConsentChoices): void;
}

export interface Banner {
  isOpen(): boolean;
  open(question: Question): void;
  /** Puts an open banner back where the page has replaced its body. */
  keep(): void;
  close(): void;
}

type Tag = keyof HTMLElementTagNameMap;

/** An element with a class, a text and children. Nothing is ever read as HTML. */
function make<T extends Tag>(tag: T, name: string, text: string, ...children: Node[]): HTMLElementTagNameMap[T] {
  const element = document.createElement(tag);
  element.className = name;
  element.textContent = text;
  element.append(...children);
  return element;
}

function set(element: Element, attributes: Record<string, string>): void {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}

/**
 * The question, in a shadow root so that neither the page's styles nor its scripts' selectors meet it. It is a dialog that
 * is not modal, first in the order of the page; Escape puts it away without an answer. `style` makes the element that
 * loads its styles; nothing is shown before that has ended.
 */
export function createBanner(style: () => HTMLLinkElement): Banner {
  let host: HTMLElement | undefined;
  let opener: Element | null = null;

  function close(): void {
    // Whoever came from somewhere goes back there.
    const within = host !== undefined && document.activeElement === host;
    host?.remove();
    host = undefined;
    if (within && opener instanceof HTMLElement) opener.focus();
  }
  on(window, 'keydown', (event) => {
    if ((event as KeyboardEvent).key === 'Escape') close();
  });

  return {
    isOpen: () => host !== undefined,
    keep: () => host?.isConnected === false && document.body.prepend(host),
    close,
    open(question) {
      const { reopened } = question;
      if (host === undefined) opener = document.activeElement;
      host?.remove();
      const shown = document.createElement('vedette-consent');
      host = shown;
      const box = dialog(question, (choices) => {
        close();
        question.answer(choices);
      });
      const link = style();
      box.hidden = true;
      const show = () => {
        box.hidden = false;
        // The focus of somebody who does something already is left alone.
        if (reopened || document.activeElement === document.body) box.focus({ preventScroll: true });
      };
      on(link, 'load', show);
      on(link, 'error', show);
      shown.attachShadow({ mode: 'open' }).append(link, box);
      document.body.prepend(shown);
    },
  };
}

function dialog({ site, chosen, objection, reopened }: Question, answer: (choices: ConsentChoices) => void) {
  const { text, purposes, language, policy_url } = site;
  const body = make('p', 'body', text.body);
  if (policy_url && /^https?:/.test(policy_url)) {
    const link = make('a', '', text.policy || policy_url);
    link.href = policy_url;
    body.append(' ', link);
  }
  const switches = purposes.map((purpose) => {
    const input = make('input', '', '');
    set(input, { type: 'checkbox', role: 'switch', 'aria-describedby': `${purpose}-detail` });
    input.checked = chosen?.[purpose] === true;
    const detail = make('p', 'detail', text[`${purpose}_detail`]);
    detail.id = `${purpose}-detail`;
    return {
      purpose,
      input,
      row: make('div', 'purpose', '', make('label', '', '', input, make('span', '', text[purpose])), detail),
    };
  });
  const list = make('div', 'purposes', '', ...switches.map(({ row }) => row));
  list.hidden = !reopened;

  const give = (granted: (one: (typeof switches)[number]) => boolean) => {
    const choices = { analytical: false, marketing: false };
    for (const one of switches) choices[one.purpose] = granted(one);
    answer(choices);
  };
  const button = (name: string, label: string, press: () => void) => {
    const element = make('button', name, label);
    element.type = 'button';
    on(element, 'click', press);
    return element;
  };
  const choose = button('choose', reopened ? text.save : text.choose, () => {
    if (!list.hidden) return give(({ input }) => input.checked);
    list.hidden = false;
    choose.textContent = text.save;
    switches[0]?.input.focus();
  });
  const title = make('h2', 'title', text.title);
  title.id = 'title';
  body.id = 'body';
  const box = make(
    'div',
    'box',
    '',
    title,
    body,
    ...(objection && text.gpc ? [make('p', 'objection', text.gpc)] : []),
    list,
    make(
      'div',
      'buttons',
      '',
      button('answer', text.refuse, () => give(() => false)),
      button('answer', text.accept, () => give(() => true)),
      choose,
    ),
  );
  set(box, {
    role: 'dialog',
    'aria-labelledby': 'title',
    'aria-describedby': 'body',
    tabindex: '-1',
    lang: language,
    dir: 'auto',
  });
  return box;
}
