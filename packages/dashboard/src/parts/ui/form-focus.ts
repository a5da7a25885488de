import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';

/**
 * Brings the focus back to what had it before a button could not be pressed for a while: a browser takes the focus off
 * what is disabled, and whoever works by the keyboard would begin at the top of the page again.
 */
export function useKeptFocus(busy: boolean): void {
  const held = useRef<Element>(null);
  useLayoutEffect(() => {
    if (busy) {
      held.current = document.activeElement;
      return;
    }
    const before = held.current;
    held.current = null;
    const lost = document.activeElement === null || document.activeElement === document.body;
    if (lost && before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
  }, [busy]);
}

/**
 * Where the focus of a form is after it was tried to send: on the first field that is wrong, else where it was. What is
 * returned is called at each try.
 */
export function useFormFocus(form: RefObject<HTMLElement | null>, busy: boolean): () => void {
  const [tries, setTries] = useState(0);
  useKeptFocus(busy);
  useEffect(() => {
    if (tries > 0 && !busy) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [form, tries, busy]);
  return () => setTries((before) => before + 1);
}
