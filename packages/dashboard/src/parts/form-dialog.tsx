import type { ReactNode } from 'react';
import { text } from '../text.ts';
import { Failure } from './failure.tsx';
import { Dialog } from './ui/dialog.tsx';

interface Props {
  title: string;
  /** On the button that sends it. */
  action: string;
  /** While it is sent. */
  busy: boolean;
  /** Why it was not done; null: nothing went wrong. */
  error: unknown;
  onSubmit: () => void;
  onClose: () => void;
  /** The fields. */
  children: ReactNode;
}

/** A dialog with a form in it: fields, why the hub refused them, Cancel, and what sends it. */
export function FormDialog({ title, action, busy, error, onSubmit, onClose, children }: Props) {
  return (
    <Dialog
      title={title}
      busy={busy}
      onSubmit={onSubmit}
      onClose={onClose}
      closeLabel={text.cancel}
      action={
        <button type="submit" className="button primary" disabled={busy}>
          {action}
        </button>
      }
    >
      {children}
      <Failure error={error} />
    </Dialog>
  );
}
