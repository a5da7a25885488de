import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { text } from '../text.ts';
import { TopList } from './top-list.tsx';

/** true once the element has come near the screen; what is further down asks the hub nothing. */
function useSeen(element: React.RefObject<HTMLElement | null>): boolean {
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const node = element.current;
    if (seen || node === null) return;
    const watcher = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) setSeen(true);
      },
      { rootMargin: '300px' },
    );
    watcher.observe(node);
    return () => watcher.disconnect();
  }, [seen, element]);
  return seen;
}

/** Several top lists in one panel, one at a time. Arrow keys move between the tabs. */
export function TabbedLists({ group, fields }: { group: keyof typeof text.lists.groups; fields: readonly string[] }) {
  const id = useId();
  const panel = useRef<HTMLElement>(null);
  const seen = useSeen(panel);
  const [chosen, setChosen] = useState(fields[0] ?? '');
  const move = (event: KeyboardEvent<HTMLDivElement>) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (by === 0) return;
    const next = fields[(fields.indexOf(chosen) + by + fields.length) % fields.length] ?? chosen;
    setChosen(next);
    event.currentTarget.querySelector<HTMLElement>(`[data-field="${next}"]`)?.focus();
  };
  return (
    <section ref={panel} className="panel list-panel" aria-label={text.lists.groups[group]}>
      <div className="tabs" role="tablist" aria-label={text.lists.groups[group]} onKeyDown={move}>
        {fields.map((field) => (
          <button
            key={field}
            type="button"
            role="tab"
            id={`${id}-${field}`}
            data-field={field}
            aria-selected={field === chosen}
            aria-controls={`${id}-panel`}
            tabIndex={field === chosen ? 0 : -1}
            onClick={() => setChosen(field)}
          >
            {text.lists.titles[field] ?? field}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${chosen}`}>
        <TopList key={chosen} field={chosen} enabled={seen} />
      </div>
    </section>
  );
}
