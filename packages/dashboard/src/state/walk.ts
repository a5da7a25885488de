import { type KeyboardEvent, useState } from 'react';
import { stepTo } from '../model/steps.ts';

/** Which of the places from 0 to `last` of a chart is lit, null for none: arrow keys walk over them, Escape lets go. */
export function useWalk(last: number): {
  lit: number | null;
  setLit(place: number | null): void;
  press(event: KeyboardEvent): void;
} {
  const [lit, setLit] = useState<number | null>(null);
  const press = (event: KeyboardEvent) => {
    const target = stepTo(event.key, lit, last);
    if (target === null && event.key !== 'Escape') return;
    event.preventDefault();
    setLit(target);
  };
  return { lit, setLit, press };
}
