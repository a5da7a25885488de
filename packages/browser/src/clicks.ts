import { on } from './guard.ts';

/** What clicks are about. */
export interface ClickReader {
  /** On an element with data-vedette-widget, or in one. */
  widget(name: string): void;
  /** A link to another site was followed. */
  outbound(host: string): void;
  /** On an element with data-vedette-consent. */
  consent(): void;
}

export const REOPEN = 'data-vedette-consent';

/** Reads clicks, also those within shadow roots and of the middle button. Never keeps one from the page. */
export function watchClicks({ widget, outbound, consent }: ClickReader): void {
  const read = (event: Event) => {
    let name: string | null = null;
    let host = '';
    let reopen = false;
    for (const node of event.composedPath()) {
      if (!(node instanceof Element)) continue;
      // A form may have a field that is called getAttribute.
      const get = (attribute: string) => Element.prototype.getAttribute.call(node, attribute);
      name ??= get('data-vedette-widget');
      reopen ||= get(REOPEN) !== null;
      if ((node instanceof HTMLAnchorElement || node instanceof HTMLAreaElement) && /^https?:$/.test(node.protocol))
        host ||= node.hostname;
    }
    if (reopen) {
      event.preventDefault();
      consent();
    }
    if (name) widget(name);
    if (host !== '' && host !== location.hostname) outbound(host);
  };
  on(window, 'click', read);
  on(window, 'auxclick', (event) => (event as MouseEvent).button === 1 && read(event));
}
