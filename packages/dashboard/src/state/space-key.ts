import { useEffect, useEffectEvent } from 'react';

/** Where the space bar does nothing, or does nothing but scroll. */
const PLAIN = 'body, main, [role="group"], [tabindex="-1"], input[type="radio"]:checked';

/** Calls at a press of the space bar, unless it is for something else. */
export function useSpaceKey(press: () => void): void {
  const pressed = useEffectEvent(press);
  useEffect(() => {
    const listener = (event: KeyboardEvent) => {
      if (event.key !== ' ' || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      if (event.repeat || event.defaultPrevented) return;
      const { target } = event;
      const plain = target instanceof Element && target.matches(PLAIN);
      if (!plain || target.closest('[role="dialog"], [role="menu"]') !== null) return;
      event.preventDefault();
      pressed();
    };
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, []);
}
