import { type RefObject, useEffect, useState } from 'react';

/** `selected`: this browser would not copy, so the text is selected for the person to do it. */
export type CopyState = 'idle' | 'copied' | 'selected';

const SHOWN_MS = 2500;

/** Copies the text of an element, and says for a moment what became of it. */
export function useCopy(element: RefObject<HTMLElement | null>): { state: CopyState; copy: () => void } {
  const [state, setState] = useState<CopyState>('idle');
  useEffect(() => {
    if (state === 'idle') return;
    const timer = setTimeout(() => setState('idle'), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = async () => {
    if (element.current !== null) setState(await copyText(element.current));
  };
  return { state, copy: () => void copy() };
}

async function copyText(element: HTMLElement): Promise<CopyState> {
  try {
    await navigator.clipboard.writeText(element.textContent);
    return 'copied';
  } catch {
    // A page over plain HTTP from another machine has no such clipboard, but may still copy what is selected.
    const selection = window.getSelection();
    selection?.selectAllChildren(element);
    if (!document.execCommand('copy')) return 'selected';
    selection?.removeAllRanges();
    return 'copied';
  }
}

/** Copies a text that stands nowhere in the page; false where the browser would not. */
export async function copyString(text: string): Promise<boolean> {
  const place = document.createElement('span');
  place.textContent = text;
  // Where it could be copied by being selected, it has to be in the page.
  place.className = 'visually-hidden';
  document.body.append(place);
  try {
    return (await copyText(place)) === 'copied';
  } finally {
    place.remove();
  }
}
