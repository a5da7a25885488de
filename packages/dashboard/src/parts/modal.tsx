import { type FormEvent, type ReactNode, useEffect, useId, useRef } from 'react';
import { text } from '../text.ts';
import { Icon } from './icon.tsx';

interface Props {
  title: string;
  /** While something runs that must not be broken off by accident. */
  busy?: boolean;
  onSubmit: () => void;
  onClose: () => void;
  /** What to press, besides what closes. */
  action: ReactNode;
  /** Of the button that closes. */
  closeLabel?: string;
  children: ReactNode;
}

/** A dialog over the page. Escape and its buttons close it, and the focus returns to where it was. */
export function Modal({ title, busy = false, onSubmit, onClose, action, closeLabel, children }: Props) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (dialog.current?.open !== false) return;
    dialog.current.showModal();
    // What is to be typed comes first.
    dialog.current.querySelector<HTMLElement>('input, textarea')?.focus();
  }, []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!busy) onSubmit();
  };
  const close = () => dialog.current?.close();
  return (
    <dialog
      ref={dialog}
      className="dialog modal"
      aria-labelledby={id}
      onCancel={(event) => {
        if (busy) event.preventDefault();
      }}
      onClose={onClose}
    >
      <form onSubmit={submit} aria-busy={busy}>
        <header className="dialog-head">
          <h2 id={id}>{title}</h2>
          <button
            type="button"
            className="icon-button"
            aria-label={text.close}
            title={text.close}
            disabled={busy}
            onClick={close}
          >
            <Icon name="cross" />
          </button>
        </header>
        {children}
        <footer className="dialog-foot">
          <button type="button" className="button" disabled={busy} onClick={close}>
            {closeLabel ?? text.close}
          </button>
          {action}
        </footer>
      </form>
    </dialog>
  );
}
