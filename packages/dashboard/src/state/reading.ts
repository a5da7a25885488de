import { type PointerEvent, type RefObject, useEffect, useState } from 'react';

/** What scrolls the rows of a table. */
const SPACE = '.data-space';

interface Reading {
  /** Whether somebody reads further down, or is about to press something, so that nothing may move. */
  reading: boolean;
  /** Handlers for what is around the list. */
  around: {
    onScrollCapture(): void;
    onFocus(event: { target: Element }): void;
    onBlur(event: { relatedTarget: Element | null }): void;
    onPointerDown(event: PointerEvent): void;
  };
  /** Back to the first row. */
  toTop(): void;
}

/** Whether somebody reads a list that grows at its top: has scrolled it, walks it by the keyboard, or presses on it. */
export function useReading(list: RefObject<HTMLElement | null>): Reading {
  const [scrolled, setScrolled] = useState(false);
  const [walked, setWalked] = useState(false);
  const [pressed, setPressed] = useState(false);
  const measure = () => {
    const node = list.current;
    if (node === null) return;
    // The first rows are out of sight within the list, or with it.
    setScrolled((node.querySelector(SPACE)?.scrollTop ?? 0) > 4 || node.getBoundingClientRect().top < 0);
  };
  useEffect(() => {
    window.addEventListener('scroll', measure, { passive: true });
    return () => window.removeEventListener('scroll', measure);
  });
  useEffect(() => {
    if (!pressed) return;
    // What the press does comes after it.
    const release = () => setTimeout(() => setPressed(false));
    for (const type of ['pointerup', 'pointercancel']) window.addEventListener(type, release);
    return () => {
      for (const type of ['pointerup', 'pointercancel']) window.removeEventListener(type, release);
    };
  }, [pressed]);
  return {
    reading: scrolled || walked || pressed,
    around: {
      onScrollCapture: measure,
      onFocus: ({ target }) => setWalked(target.closest('tbody') !== null && target.matches(':focus-visible')),
      onBlur: ({ relatedTarget: to }) => {
        // It comes back from a dialog to the row that opened it.
        if (to === null || to.closest('[role="dialog"]') === null) setWalked(false);
      },
      onPointerDown: ({ target }) => setPressed(target instanceof Element && target.closest('tbody') !== null),
    },
    toTop() {
      const node = list.current;
      if (node === null) return;
      // That it has been scrolled is told by the event, after which rows may come: before it, they would be put where it was.
      node.querySelector(SPACE)?.scrollTo(0, 0);
      if (node.getBoundingClientRect().top < 0) node.scrollIntoView({ block: 'start' });
      // The button that was pressed goes.
      node.focus({ preventScroll: true });
      setWalked(false);
    },
  };
}
