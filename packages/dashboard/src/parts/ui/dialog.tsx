import { Dialog as Primitive } from 'radix-ui';
import { type FormEvent, type ReactNode, useRef, useState } from 'react';
import { ui as words } from '../../text.ts';
import { Icon } from '../icon.tsx';
import { useFormFocus } from './form-focus.ts';

interface Props {
  title: string;
  /** Beside the title. */
  of?: string;
  /** `alertdialog`: a question that has to be answered before anything else. */
  role?: 'dialog' | 'alertdialog';
  /** For what needs room, such as a table. */
  wide?: boolean;
  /** While something runs that must not be broken off by accident. */
  busy?: boolean;
  onSubmit: () => void;
  onClose: () => void;
  /** What to press, in place of the button that closes; null for nothing. */
  foot?: ReactNode;
  /** What to press, besides the button that closes. */
  action?: ReactNode;
  /** Of the button that closes. */
  closeLabel?: string;
  children: ReactNode;
}

/**
 * A dialog over the page, there for as long as it is rendered. Escape and its buttons close it, a press beside it does
 * not; the focus begins where something is to be typed, stays inside, and returns to where it was. After a try that
 * failed, it is on the first field that is wrong.
 */
export function Dialog({ title, of, role = 'dialog', wide = false, busy = false, onSubmit, onClose, ...rest }: Props) {
  const [opener] = useState(focusedNow);
  const content = useRef<HTMLDivElement>(null);
  const tried = useFormFocus(content, busy);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // A form in a portal is still inside the form around it, as far as React's events go.
    event.stopPropagation();
    if (busy) return;
    onSubmit();
    tried();
  };
  const close = () => {
    if (!busy) onClose();
  };
  return (
    <Primitive.Root open onOpenChange={close}>
      <Primitive.Portal>
        {/* Not the primitive's own overlay: its scroll lock writes a style element, which the page's policy refuses. */}
        <div className="dialog-ground" aria-hidden="true" />
        <Primitive.Content
          ref={content}
          role={role}
          aria-modal="true"
          className={wide ? 'dialog wide' : 'dialog'}
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            // What is read is read from its beginning, however long it is.
            firstOf(content.current)?.focus({ preventScroll: true });
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            returnTo(opener);
          }}
          onInteractOutside={(event) => event.preventDefault()}
        >
          <form onSubmit={submit} aria-busy={busy} noValidate>
            <header className="dialog-head">
              <Primitive.Title>{title}</Primitive.Title>
              {of !== undefined && <span className="muted">{of}</span>}
              <button
                type="button"
                className="icon-button"
                aria-label={words.close}
                title={words.close}
                disabled={busy}
                onClick={close}
              >
                <Icon name="cross" />
              </button>
            </header>
            {rest.children}
            {rest.foot === undefined ? (
              <footer className="dialog-foot">
                <button type="button" className="button" disabled={busy} onClick={close}>
                  {rest.closeLabel ?? words.close}
                </button>
                {rest.action}
              </footer>
            ) : (
              rest.foot
            )}
          </form>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

/** What has the focus; for an item of a menu, which is gone in a moment, the button that opened the menu. */
function focusedNow(): Element | null {
  const focused = document.activeElement;
  const button = focused?.closest('[role="menu"]')?.getAttribute('aria-labelledby');
  return button ? document.getElementById(button) : focused;
}

function returnTo(opener: Element | null): void {
  // What the dialog led to may have taken the focus by now.
  const { activeElement } = document;
  if (activeElement !== null && activeElement !== document.body && activeElement !== opener) return;
  const target = opener?.isConnected ? opener : document.getElementById('main');
  if (target instanceof HTMLElement) target.focus({ preventScroll: true });
}

/** What is to be typed or chosen comes first, then what does no harm. */
function firstOf(content: HTMLElement | null): HTMLElement | null {
  const fields = content?.querySelectorAll<HTMLElement>(
    'input:not(:disabled), textarea:not(:disabled), select:not(:disabled)',
  );
  // A field for files is not in sight: a button stands for it.
  const field = Array.from(fields ?? []).find((one) => one.checkVisibility());
  const foot = content?.querySelector<HTMLElement>('.dialog-foot button:not(:disabled)');
  return field ?? foot ?? content?.querySelector<HTMLElement>('button:not(:disabled)') ?? null;
}
