import { type ReactNode, useCallback, useState } from 'react';
import { ui as words } from '../../text.ts';

interface Props {
  /** Its name for screen readers. */
  label: string;
  className?: string;
  /** As a panel of its own. */
  framed?: boolean;
  /** Told what scrolls. */
  onSpace?: ((node: HTMLDivElement | null) => void) | undefined;
  children: ReactNode;
}

interface Overflow {
  sideways: boolean;
  /** In either direction: what scrolls can be reached by the keyboard. */
  any: boolean;
  /** Whether there is more to the right of what is in sight. */
  more: boolean;
}

const FITS: Overflow = { sideways: false, any: false, more: false };

function overflowOf(node: HTMLElement): Overflow {
  const over = node.scrollWidth - node.clientWidth;
  const sideways = over > 1;
  return {
    sideways,
    any: sideways || node.scrollHeight - node.clientHeight > 1,
    more: sideways && node.scrollLeft < over - 1,
  };
}

/** Room for a table, which scrolls within it where it is too wide or too long; says so when columns are out of sight. */
export function ScrollSpace({ label, className = '', framed = false, onSpace, children }: Props) {
  const [overflow, setOverflow] = useState(FITS);
  const measure = useCallback((node: HTMLElement) => {
    const now = overflowOf(node);
    setOverflow((before) =>
      before.sideways === now.sideways && before.any === now.any && before.more === now.more ? before : now,
    );
  }, []);
  const opened = useCallback(
    (node: HTMLDivElement | null) => {
      onSpace?.(node);
      if (node === null) return;
      const watcher = new ResizeObserver(() => measure(node));
      watcher.observe(node);
      for (const child of node.children) watcher.observe(child);
      return () => {
        watcher.disconnect();
        onSpace?.(null);
      };
    },
    [onSpace, measure],
  );
  return (
    <div className={`scroll-frame${overflow.more ? ' more' : ''}${framed ? ' panel' : ''}`}>
      {overflow.sideways && <p className="scroll-hint">{words.sideways}</p>}
      <div
        ref={opened}
        className={`table-space ${className}`}
        role="group"
        aria-label={label}
        tabIndex={overflow.any ? 0 : undefined}
        onScroll={(event) => measure(event.currentTarget)}
      >
        {children}
      </div>
    </div>
  );
}
