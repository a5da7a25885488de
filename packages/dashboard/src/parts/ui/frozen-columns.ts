import { useLayoutEffect } from 'react';

/**
 * Keeps the columns of the table in a scrolling space as wide as they are when its first rows are there: a table of which
 * only some rows are in the page would otherwise get other widths with every few rows. They are measured anew when the
 * space gets another width or the head other columns. `ready`: whether there are rows to measure.
 */
export function useFrozenColumns(space: HTMLElement | null, ready: boolean): void {
  useLayoutEffect(() => {
    if (space === null || !ready) return;
    const table = space.querySelector('table');
    const head = table?.tHead?.rows[0];
    if (table === null || head === undefined) return;
    const free = () => {
      table.classList.remove('frozen');
      for (const cell of head.cells) cell.style.width = '';
    };
    const freeze = () => {
      free();
      const widths = Array.from(head.cells, (cell) => cell.getBoundingClientRect().width);
      for (const [index, cell] of Array.from(head.cells).entries()) cell.style.width = `${widths[index]}px`;
      table.classList.add('frozen');
    };
    let known = space.clientWidth;
    const resized = new ResizeObserver(() => {
      if (space.clientWidth === known) return;
      known = space.clientWidth;
      freeze();
    });
    resized.observe(space);
    const changed = new MutationObserver(freeze);
    changed.observe(head, { childList: true });
    freeze();
    return () => {
      resized.disconnect();
      changed.disconnect();
      free();
    };
  }, [space, ready]);
}
