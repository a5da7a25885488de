import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef } from 'react';

interface Props<T extends string> {
  label: string;
  tabs: readonly { value: T; label: string }[];
  value: T;
  onChange: (value: T) => void;
  /** What belongs to the tab that is chosen. */
  children: ReactNode;
}

/**
 * Views of which one is shown. Arrow keys move between the tabs, Home and End to the first and last. The library's own tabs
 * ask for the style of their panel as it is put into the page, and so have all of the page laid out in the same breath.
 */
export function Tabs<T extends string>({ label, tabs, value, onChange, children }: Props<T>) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // As the page is laid out anyway, and not once more before.
    const frame = requestAnimationFrame(() => {
      if (list.current !== null) bringInSight(list.current, tabOf(list.current, value));
    });
    return () => cancelAnimationFrame(frame);
  }, [value]);
  const move = (event: KeyboardEvent) => {
    const next = neighbour(
      tabs.map((tab) => tab.value),
      value,
      event.key,
    );
    if (next === undefined) return;
    event.preventDefault();
    if (list.current !== null) tabOf(list.current, next)?.focus();
    onChange(next);
  };
  return (
    <div className="tabbed">
      <div ref={list} className="tabs" role="tablist" aria-label={label} onKeyDown={move}>
        {tabs.map((tab) => (
          <button
            key={tab.value}
            type="button"
            role="tab"
            id={`${id}-${tab.value}`}
            data-tab={tab.value}
            aria-selected={tab.value === value}
            aria-controls={`${id}-panel`}
            tabIndex={tab.value === value ? 0 : -1}
            onClick={() => onChange(tab.value)}
          >
            {tab.label}
          </button>
        ))}
      </div>
      <div
        role="tabpanel"
        id={`${id}-panel`}
        aria-labelledby={`${id}-${value}`}
        // A panel may hold nothing that has the focus, and is read on from there.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        className="tab-panel"
      >
        {children}
      </div>
    </div>
  );
}

function tabOf(list: HTMLElement, value: string): HTMLElement | null {
  return list.querySelector<HTMLElement>(`[data-tab="${value}"]`);
}

/** Where tabs do not fit beside each other they are scrolled. */
function bringInSight(list: HTMLElement, tab: HTMLElement | null): void {
  if (tab === null) return;
  const [box, own] = [list.getBoundingClientRect(), tab.getBoundingClientRect()];
  if (own.right > box.right) list.scrollLeft += own.right - box.right;
  if (own.left < box.left) list.scrollLeft -= box.left - own.left;
}

/** The one that a key leads to from another, round and round; undefined for other keys. */
function neighbour<T extends string>(values: readonly T[], from: T, key: string): T | undefined {
  const place = values.indexOf(from);
  const target = { ArrowLeft: place - 1, ArrowRight: place + 1, Home: 0, End: -1 }[key];
  return target === undefined ? undefined : values.at(target % values.length);
}
