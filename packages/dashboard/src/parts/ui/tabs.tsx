import { Tabs as Primitive } from 'radix-ui';
import { type ReactNode, useEffect, useRef } from 'react';

interface Props<T extends string> {
  label: string;
  tabs: readonly { value: T; label: string }[];
  value: T;
  onChange: (value: T) => void;
  /** What belongs to the tab that is chosen. */
  children: ReactNode;
}

/** Views of which one is shown. Arrow keys move between the tabs, Home and End to the first and last. */
export function Tabs<T extends string>({ label, tabs, value, onChange, children }: Props<T>) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Where they do not fit beside each other they are scrolled.
    const chosen = list.current?.querySelector<HTMLElement>(`[data-tab="${value}"]`);
    const [box, own] = [list.current?.getBoundingClientRect(), chosen?.getBoundingClientRect()];
    if (list.current === null || box === undefined || own === undefined) return;
    if (own.right > box.right) list.current.scrollLeft += own.right - box.right;
    if (own.left < box.left) list.current.scrollLeft -= box.left - own.left;
  }, [value]);
  return (
    <Primitive.Root value={value} onValueChange={(chosen) => onChange(chosen as T)} className="tabbed">
      <Primitive.List ref={list} className="tabs" aria-label={label}>
        {tabs.map((tab) => (
          <Primitive.Trigger key={tab.value} value={tab.value} data-tab={tab.value}>
            {tab.label}
          </Primitive.Trigger>
        ))}
      </Primitive.List>
      <Primitive.Content value={value} className="tab-panel">
        {children}
      </Primitive.Content>
    </Primitive.Root>
  );
}
