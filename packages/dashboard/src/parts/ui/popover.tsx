import { Popover as Primitive } from 'radix-ui';
import { type ReactNode, useRef, useState } from 'react';

interface Props {
  /** Class of the button. */
  className: string;
  /** What is on the button. */
  button: ReactNode;
  title?: string;
  /** Name of the pop-over for screen readers. */
  label: string;
  align?: 'start' | 'end';
  children: (close: () => void) => ReactNode;
}

/** A button that opens a panel below it. Escape and a press elsewhere close it, and focus returns to the button. */
export function Popover({ className, button, title, label, align = 'start', children }: Props) {
  const [open, setOpen] = useState(false);
  const panel = useRef<HTMLDivElement>(null);
  return (
    <Primitive.Root open={open} onOpenChange={setOpen}>
      <Primitive.Trigger className={className} title={title}>
        {button}
      </Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          className="popover"
          aria-label={label}
          align={align}
          sideOffset={6}
          collisionPadding={12}
          ref={panel}
          onOpenAutoFocus={(event) => {
            // The primitive passes over links, of which a panel may have nothing else.
            const first = panel.current?.querySelector<HTMLElement>('select, input, button, a');
            if (first === null || first === undefined) return;
            event.preventDefault();
            first.focus();
          }}
        >
          {children(() => setOpen(false))}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
