import { Command } from './command.tsx';
import { Dialog } from './ui/dialog.tsx';

interface Props {
  title: string;
  /** What to do with it. */
  lead: string;
  /** The key or link itself. */
  secret: string;
  note?: string;
  done: string;
  onClose: () => void;
}

/** A secret, the only time it is shown, with a button that copies it. */
export function ShownOnce({ title, lead, secret, note, done, onClose }: Props) {
  return (
    <Dialog
      title={title}
      onSubmit={onClose}
      onClose={onClose}
      foot={
        <footer className="dialog-foot">
          <button type="submit" className="button primary">
            {done}
          </button>
        </footer>
      }
    >
      <p>{lead}</p>
      <Command line={secret} />
      {note !== undefined && <p className="muted">{note}</p>}
    </Dialog>
  );
}
