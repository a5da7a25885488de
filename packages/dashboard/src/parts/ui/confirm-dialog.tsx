import { type ReactNode, useState } from 'react';
import { describeError } from '../../api/client.ts';
import { ui as words } from '../../text.ts';
import { Dialog } from './dialog.tsx';
import { TextField } from './text-field.tsx';

interface Props {
  /** The question: what would be done, to what. */
  title: string;
  /** The verb on the button, never “OK”. */
  action: string;
  /** What is lost cannot be had back, or others are locked out. */
  dangerous?: boolean;
  /** To be typed before a thing of that kind is done: the name of what goes, or a word in capitals. */
  word?: string;
  /** In place of the usual words. */
  typeLabel?: string;
  mistyped?: string;
  busy?: boolean;
  /** Said to screen readers too while it runs. */
  running?: string;
  /** Why it was not done. */
  error?: unknown;
  onConfirm: () => void;
  onClose: () => void;
  /** What follows from it. */
  children: ReactNode;
}

/**
 * Asks before something is done that cannot be undone. What only an owner should regret asks for a word to be typed as
 * well. What can be undone asks nothing: it is done, and a toast offers Undo.
 */
export function ConfirmDialog({ title, action, word, busy = false, onConfirm, onClose, children, ...rest }: Props) {
  const [typed, setTyped] = useState('');
  const [wrong, setWrong] = useState(false);
  const submit = () => {
    if (word !== undefined && typed.trim() !== word) return setWrong(true);
    onConfirm();
  };
  const failure = rest.error === null || rest.error === undefined ? null : describeError(rest.error);
  return (
    <Dialog
      title={title}
      role="alertdialog"
      busy={busy}
      onSubmit={submit}
      onClose={onClose}
      closeLabel={words.cancel}
      action={
        <button
          type="submit"
          className={rest.dangerous || word !== undefined ? 'button danger solid' : 'button primary'}
          disabled={busy}
        >
          {action}
        </button>
      }
    >
      {children}
      {word !== undefined && (
        <TextField
          label={rest.typeLabel ?? words.typeWord(word)}
          value={typed}
          wrong={wrong ? (rest.mistyped ?? words.mistyped(word)) : undefined}
          mono
          onChange={(value) => {
            setTyped(value);
            setWrong(false);
          }}
        />
      )}
      {rest.running !== undefined && (
        <p role="status" className="muted">
          {busy && rest.running}
        </p>
      )}
      {failure !== null && (
        <p className="form-error" role="alert">
          {failure.title} <span lang={failure.lang}>{failure.detail}</span>
        </p>
      )}
    </Dialog>
  );
}
