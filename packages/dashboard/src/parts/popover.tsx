import { type ReactNode, useId, useRef, useState } from 'react';

interface Props {
  /** Class of the button. */
  className: string;
  /** What is on the button. */
  button: ReactNode;
  title?: string;
  /** Name of the pop-over for screen readers. */
  label: string;
  children: (close: () => void) => ReactNode;
}

const MARGIN = 12;

/** A button that opens a panel below it. Escape and a press elsewhere close it, and focus returns to the button. */
export function Popover({ className, button, title, label, children }: Props) {
  const id = useId();
  const trigger = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);
  const close = () => document.getElementById(id)?.hidePopover();

  const place = () => {
    if (trigger.current === null || panel.current === null) return;
    const { left, bottom } = trigger.current.getBoundingClientRect();
    const { offsetWidth, offsetHeight } = panel.current;
    const furthestLeft = Math.max(MARGIN, window.innerWidth - offsetWidth - MARGIN);
    const lowest = Math.max(MARGIN, window.innerHeight - offsetHeight - MARGIN);
    panel.current.style.left = `${Math.min(left, furthestLeft)}px`;
    panel.current.style.top = `${Math.min(bottom + 6, lowest)}px`;
  };

  const opened = (node: HTMLDivElement | null) => {
    if (node === null) return;
    place();
    node.querySelector<HTMLElement>('select, input, button, a')?.focus();
    // What is inside may still grow.
    const watcher = new ResizeObserver(place);
    watcher.observe(node);
    return () => watcher.disconnect();
  };

  return (
    <>
      <button ref={trigger} type="button" className={className} popoverTarget={id} title={title} aria-expanded={open}>
        {button}
      </button>
      <div
        ref={panel}
        id={id}
        popover="auto"
        className="popover"
        role="dialog"
        aria-label={label}
        onToggle={(event) => setOpen(event.newState === 'open')}
      >
        {open && <div ref={opened}>{children(close)}</div>}
      </div>
    </>
  );
}
